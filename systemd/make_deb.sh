#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The Debian packages of the last commit:
#
#     make_deb.sh VERSION FOLDER    FOLDER is made anew; the packages lie in it, and the tree that they were built in
#
# Installs nothing: what is missing of control's Build-Depends is named. DEB_BUILD_OPTIONS (parallel=N, nocheck, noopt, terse) is heeded.
set -eu
cd "$(dirname "$0")/.."
version=$1
folder=$2
tree=$folder/mingce-$version

commit=$(git rev-parse --short HEAD)
if [ -n "$(git status --porcelain)" ]; then
    echo "deb: 工作区有未提交的改动，软件包只含提交 $commit / the tree has changes that are not committed: the packages are of $commit" >&2
fi
rm -rf "$folder"
mkdir -p "$tree"
git archive HEAD | tar -x -C "$tree"
cp -r "$tree/systemd/debian" "$tree/debian"
(cd "$tree" && dpkg-buildpackage -b -us -uc)
lintian --fail-on error,warning "$folder"/*.changes
ls -l "$folder"/*.deb
