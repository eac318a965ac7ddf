set -e
export HOME=$PWD GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000'
git config --global user.email a@example.org; git config --global user.name a; git config --global init.defaultBranch main; git config --global advice.detachedHead false
git init -q one; cd one; for i in 1 2 3 4 5; do seq $i $((i * 100)) > f$i; git add f$i; git commit -qm "commit $i"; done; git log --oneline | cat; git checkout -qb side HEAD~2; echo side > side; git add side; git commit -qm side; git rebase -q main; git log --format=%s | head -3; git diff HEAD~1 --stat | cat
cd ..; git clone -q one two; cd two; git branch -a | cat; git fsck; git gc -q; git count-objects -v | grep in-pack; git checkout -q main; git merge -q origin/side; echo more >> f1; git stash -q; git stash pop -q; git status --short; git grep -c 5 f2; git archive HEAD | tar tf - | wc -l; git blame f1 | tail -1 | cut -c1-8
