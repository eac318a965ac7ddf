for i in 3 1 2; do echo $i; done | sort | tee sorted | head -2; cat sorted | tr 1 x; x=$(echo sub | tr a-z A-Z); echo $x ${PIPESTATUS[*]}
false | true; echo ${PIPESTATUS[*]}; (exit 3) || echo $?; { sleep 0.05; echo late; } & echo early; wait $!; coproc cat; echo through >&${COPROC[1]}; read -r back <&${COPROC[0]}; echo $back
diff <(echo a) <(echo b); for i in 1 2 3; do (exit $i) & pids="$pids $!"; done; for p in $pids; do wait $p; echo $?; done; trap 'echo usr1' USR1; kill -USR1 $$; sleep 5 & kill %1; wait %1; echo $?
ls /usr | wc -l; seq 100 | xargs -P4 -n7 echo | wc -w; find /usr/share/doc -maxdepth 1 -name 'b*' -exec basename {} \; | sort | head -3; find /usr/share/doc -maxdepth 1 -name 'c*' -print0 | xargs -0 -n3 echo | wc -w
timeout 0.1 sleep 5; echo $?; yes | head -1000 | md5sum; set -o pipefail; yes | head -1; echo $?; ulimit -c; nice -n 5 nice; env -i A=b env; printf '%s\n' one two | while read -r l; do echo "<$l>"; done
