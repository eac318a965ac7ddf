set -e
mkdir source; printf '#include <stdio.h>\nint twice(int);\nint main(void) { printf("%%d\\n", twice(21)); return 0; }\n' > source/main.c; echo 'int twice(int x) { return 2 * x; }' > source/twice.c
printf 'cmake_minimum_required(VERSION 3.13)\nproject(p C)\nadd_library(twice STATIC twice.c)\nadd_executable(main main.c)\ntarget_link_libraries(main twice)\nenable_testing()\nadd_test(NAME runs COMMAND main)\n' > source/CMakeLists.txt
cmake -G Ninja -S source -B build > log && ninja -C build > log && build/main && (cd build && ctest > ../log) && grep -c 'Passed' log
