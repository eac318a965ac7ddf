set -e
for i in $(seq 100); do echo "int f$i(int x) { return x + $i; }" > f$i.c; done
{ for i in $(seq 100); do echo "int f$i(int);"; done; echo '#include <stdio.h>'; echo 'int main(void) { int s = 0;'; for i in $(seq 100); do echo "s += f$i(s) % 7;"; done; echo 'printf("%d\n", s); return 0; }'; } > main.c
printf 'O = $(patsubst %%.c,%%.o,$(wildcard *.c))\nprogram: $(O)\n\t@gcc -o $@ $^\n%%.o: %%.c\n\t@gcc -O1 -c -o $@ $<\nclean:\n\trm -f *.o program\n' > Makefile
make -j2 && ./program && make -j2 | grep -c 'up to date' && make clean > /dev/null && ls | wc -l
