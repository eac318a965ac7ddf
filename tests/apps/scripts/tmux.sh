export HOME=$PWD TMUX_TMPDIR=$PWD
tmux -f /dev/null new-session -d -x 80 -y 24 'echo in tmux; tty | cut -d/ -f1-3; exec cat'
for i in $(seq 100); do tmux capture-pane -p > seen; grep -q /dev/pts seen && break; sleep 0.05; done
tmux send-keys 'typed' Enter; for i in $(seq 100); do tmux capture-pane -p > seen; [ "$(grep -c typed seen)" = 2 ] && break; sleep 0.05; done
grep -v '^$' seen; tmux kill-server; echo $?
