time-limit: 1200

The recipes of CONTRIBUTING.md, applied to a copy of the tree: if a step is missing, the
tree does not build or a test fails.

  $ [ -n "$IOASID_LONG" ] || exit 80
  $ /usr/bin/python3 "$IOASID_SRC/tests/lab/recipes.py" "$IOASID_SRC" "$CRAMTMP/scratch"
  policy hook: a row without a program does not build
  policy hook: complete, it builds
  event: a row without a function that fills it does not build
  event: complete, it builds
  call: a row without a number does not build
  call: an argument larger than the union does not build
  call: complete, it builds
  backend: a row without a file does not build
  backend: complete, it builds
  policy key: a value without a row does not build
  policy key: a row without its value in struct Rule does not build
  policy key: complete, these tests fail: Fields.AreEnforced Fields.AreInTheReadme Fields.AreInTheSchema
  view: a number without a row does not build
  view: a row without its function does not build
  view: complete, it builds
