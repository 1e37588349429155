The guest runs one command as if it ran on the host.

  $ lab() { "$IOASID_SRC/dev" lab --no-build "$@" </dev/null; }

Its exit status and its output, stdout and stderr separately:

  $ lab -- sh -c 'echo to stdout; echo to stderr >&2; exit 7' >out 2>err
  [7]
  $ cat out
  to stdout
  $ cat err
  to stderr

A command that does not exist, and one that is killed by a signal:

  $ lab -- no-such-command
  lab: no-such-command: No such file or directory
  [127]
  $ lab -- sh -c 'kill -TERM $$'
  [143]

Arguments are passed unchanged, whatever they contain:

  $ lab -- printf '[%s]\n' 'two words' "it's \"quoted\"" '' '*' '$HOME' $'two\nlines'
  [two words]
  [it's "quoted"]
  []
  [*]
  [$HOME]
  [two
  lines]

Signals have their default actions:

  $ lab -- bash -c 'yes | head -n 1; echo ${PIPESTATUS[0]}; grep -E "Sig(Blk|Ign)" /proc/self/status'
  y
  141
  SigBlk:	0000000000000000
  SigIgn:	0000000000000000

Background processes do not delay the end:

  $ lab -- sh -c 'sleep 1000 & echo done'
  done

Errors in the arguments are reported before anything is started:

  $ lab --no-such-option -- true
  dev: lab: unknown option: --no-such-option (see ./dev lab --help)
  [125]
  $ lab --kernel 6,12 -- true 2>&1 | head -n 1
  dev: no such kernel: 6,12
  $ lab
  dev: lab: no command given (see ./dev lab --help)
  [125]
  $ lab --add /no/such/file -- true
  dev: --add: no such file: /no/such/file
  [125]
