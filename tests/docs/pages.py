"""Checks every link in the repository's Markdown, and copies the pages for the site.

    pages.py [FOLDER]

A link within the repository must name a file that exists and, after `#`, one of its headings; links to other sites are not
requested. Every page in docs/ must be reachable from README.md. With FOLDER, the reachable pages and the files that they link
to are copied there, in the same layout, so that their links stay valid.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^ *(```|~~~)")
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
HEADING = re.compile(r"^#{1,6} +(.*?) *#*$")
INLINE_CODE = re.compile(r"(`+).*?\1")


def prose(path: Path) -> list[tuple[int, str]]:
    """The numbered lines of a page outside its code blocks."""
    lines, fence = [], None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = FENCE.match(line)
        if match and fence in (None, match[1]):
            fence = match[1] if fence is None else None
        elif fence is None:
            lines.append((number, line))
    return lines


def slug(heading: str) -> str:
    """The anchor that GitHub and the site give to a heading."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    """The anchors of a page. A repeated heading gets a number."""
    found: dict[str, int] = {}
    names = set()
    for _, line in prose(path):
        match = HEADING.match(line)
        if match:
            name = slug(match[1])
            count = found.get(name, 0)
            names.add(f"{name}-{count}" if count else name)
            found[name] = count + 1
    return names


def links(path: Path) -> list[tuple[int, str]]:
    """The targets of a page's links, with their lines. Links can span lines, so paragraphs are joined."""
    found, start, text = [], 1, ""
    for number, line in [*prose(path), (0, "")]:
        if not text:
            start = number
        if line.strip() and not line.startswith("|"):
            text += line + "\n"
            continue
        for block, at in ((text, start), (line, number)):
            for match in LINK.finditer(INLINE_CODE.sub(lambda code: "x" * len(code[0]), block)):
                # The target is taken from the text itself: in code, it would have been replaced.
                target = block[match.start(1):match.end(1)]
                found.append((at + block[:match.start()].count("\n"), target))
        text = ""
    return found


def main(folder: str | None = None) -> int:
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"], cwd=ROOT,
                            check=True, capture_output=True, text=True).stdout.split()
    pages = [ROOT / name for name in listed if (ROOT / name).exists()]
    problems, targets = [], {}
    for page in pages:
        targets[page] = set()
        for line, target in links(page):
            if re.match(r"[a-z][a-z0-9+.-]*:", target):
                continue
            where = f"{page.relative_to(ROOT)}:{line}"
            name, _, anchor = target.partition("#")
            path = (page.parent / name).resolve() if name else page
            if not path.exists() or ROOT not in [path, *path.parents]:
                problems.append(f"{where}: {target}: the file does not exist")
                continue
            if anchor and path.suffix == ".md" and anchor not in anchors(path):
                problems.append(f"{where}: {target}: there is no such heading")
            targets[page].add(path)

    reachable, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path not in reachable and path.is_file():
            reachable.add(path)
            waiting += targets.get(path, ())
    for page in pages:
        if page.parent in (ROOT / "docs", ROOT / "docs/adr") and page not in reachable:
            problems.append(f"{page.relative_to(ROOT)}: no link from README.md leads here")

    for problem in problems:
        print(problem, file=sys.stderr)
    if folder and not problems:
        shutil.rmtree(folder, ignore_errors=True)
        for path in reachable:
            copy = Path(folder) / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    print(f"documents: {len(pages)} pages, {sum(map(len, targets.values()))} links between files, {len(problems)} problems")
    return min(len(problems), 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
