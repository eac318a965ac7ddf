vim -u NONE -es -c 'call setline(1, ["one", "two"])' -c '%s/o/0/g' -c 'let x = system("echo from vim")' -c 'call append(2, x[:-2])' -c 'w! written' -c 'qa!'; cat written
script -qec 'tty | cut -d/ -f1-3; stty -a | head -1 | cut -d" " -f1-3; echo in script' /dev/null < /dev/null
