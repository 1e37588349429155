The guest runs one command as if it had been run here.

  $ lab() { "$IOASID_SRC/dev" lab --no-build "$@" </dev/null; }

Its exit status, and its output alone, each stream where it belongs:

  $ lab -- sh -c 'echo to stdout; echo to stderr >&2; exit 7' >out 2>err
  [7]
  $ cat out
  to stdout
  $ cat err
  to stderr

A command that is not there, and one that a signal ends:

  $ lab -- no-such-command
  lab: no-such-command: No such file or directory
  [127]
  $ lab -- sh -c 'kill -TERM $$'
  [143]

Arguments arrive as they are, whatever is in them:

  $ lab -- printf '[%s]\n' 'two words' "it's \"quoted\"" '' '*' '$HOME' $'two\nlines'
  [two words]
  [it's "quoted"]
  []
  [*]
  [$HOME]
  [two
  lines]

Signals act as they do in a fresh process:

  $ lab -- bash -c 'yes | head -n 1; echo ${PIPESTATUS[0]}; grep -E "Sig(Blk|Ign)" /proc/self/status'
  y
  141
  SigBlk:	0000000000000000
  SigIgn:	0000000000000000

Background processes do not hold up the end:

  $ lab -- sh -c 'sleep 1000 & echo done'
  done

Mistakes are told before anything is started:

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
