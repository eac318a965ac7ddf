echo a | tr a b; (exit 3); echo $?; f() { return 7; }; f; echo $?; x=$(f; echo $?); echo $x; trap 'echo end' EXIT; echo one > f; cat < f; cat <<E
here $x
E
i=0; while [ $i -lt 30 ]; do i=$((i + 1)); /bin/true; done; echo $i; set -- 1 2 3; echo $# | cat; (trap 'echo term; exit 4' TERM; kill -TERM $(sh -c 'echo $PPID')); echo $?
