The scripts of docs/uapi.md print what the page says.

  $ python3 $IOASID_SRC/tests/uapi_doc.py $IOASID_SRC/docs/uapi.md
  11 scripts, 0 differ

They leave nothing behind:

  $ . $IOASID_SRC/tests/guest.sh
  $ wait_for '[ "$(pasidctl list --json)" = "[]" ]'
