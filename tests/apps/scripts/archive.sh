set -e
mkdir tree; for i in $(seq 50); do seq $i > tree/$i; done; ln -s 1 tree/link; tar cf - tree | gzip > t.gz; gzip -dc t.gz | tar tf - | wc -l; tar czf u.gz tree && mkdir out && tar xzf u.gz -C out && diff -r tree out/tree && echo same; tar cf - tree | (mkdir sub && cd sub && tar xf -) && ls sub/tree | wc -l
mkdir -p package/DEBIAN package/usr/share/x; echo content > package/usr/share/x/file; printf 'Package: x\nVersion: 1\nArchitecture: all\nMaintainer: a <a@example.org>\nDescription: d\n' > package/DEBIAN/control; dpkg-deb -b package x.deb > log && dpkg-deb -x x.deb unpacked && cat unpacked/usr/share/x/file && dpkg-deb -I x.deb | grep -c Package
ssh-keygen -q -t ed25519 -N '' -C c -f key && ssh-keygen -y -f key | cut -d' ' -f1
