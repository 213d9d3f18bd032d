# SPDX-License-Identifier: GPL-2.0-or-later
"""judged.py — the judged collections: where they are, what is asked of them, and what must be reached.

A collection is a folder: docs/ (a file a report, named DOCNO.txt), queries.tsv (qid TAB text), qrels.tsv (qid TAB docno
TAB grade), and queries_lower.tsv where queries.tsv is in capitals. They come in relevance.tar.xz below the data folder
($TIDINGS_DATA) and are unpacked once into a cache, $XDG_CACHE_HOME/tidings-tests/relevance/SIZE-MTIME: another archive
gets another folder, and nothing is written to the data folder or to the tree.
"""
import dataclasses
import os
import pathlib
import shutil
import tarfile
import tempfile

TREE = pathlib.Path(__file__).resolve().parents[2]
ARCHIVE = "relevance.tar.xz"

# nDCG@10 and MAP of Xapian 1.4.22 with its own term generator, its own query parser and its own BM25, all at their defaults
# (stemming "some", any word): baseline_xapian.py prints them. None of ours may be below by more than 2 %.
BASELINES = {
    "cranfield": (.357, .295),
    "cisi": (.357, .203),
    "cacm": (.493, .348),
    "lisa": (.439, .348),
    "adi": (.466, .401),
    "reuters_topics": (.810, .600),
    "dbpedia_sample": (.377, .399),
    "xquad_en": (.970, .962),
}
ENOUGH = 0.98

# Run only when named, for what they ask is stemming of one language each.
FURTHER_BASELINES = {"xquad_de": (.946, .934), "xquad_ru": (.954, .942)}
LANGUAGES = {"xquad_de": "de", "xquad_ru": "ru"}


class NoData(Exception):
    """The collections cannot be had; says where they were looked for and what to do."""


@dataclasses.dataclass(frozen=True)
class Collection:
    name: str
    folder: pathlib.Path

    @property
    def docs(self):
        return self.folder / "docs"

    @property
    def qrels(self):
        return self.folder / "qrels.tsv"

    @property
    def queries(self):
        lower = self.folder / "queries_lower.tsv"
        return lower if lower.exists() else self.folder / "queries.tsv"

    @property
    def language(self):
        return LANGUAGES.get(self.name, "en")

    @property
    def baseline(self):
        """{measure: what Xapian's defaults reach}, empty where it is not known."""
        figures = (BASELINES | FURTHER_BASELINES).get(self.name)
        return dict(zip(("nDCG@10", "MAP"), figures)) if figures else {}


def data_folder(given=None):
    """The folder with the archive: as given, else $TIDINGS_DATA."""
    folder = given or os.environ.get("TIDINGS_DATA")
    if not folder:
        raise NoData(f"no data folder: name the one that holds {ARCHIVE} with --data or $TIDINGS_DATA, "
                     "or a folder of unpacked collections with --collections")
    return pathlib.Path(folder)


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return pathlib.Path(base) / "tidings-tests" / "relevance"


def extract(tar, folder):
    """Files and folders below `folder`, and nothing else. Debian 12's first Python knows no extraction filters."""
    for member in tar.getmembers():
        parts = pathlib.PurePosixPath(member.name).parts
        if not (member.isfile() or member.isdir()) or ".." in parts or member.name.startswith("/"):
            raise tarfile.TarError(f"{member.name}: no file or folder below its own")
    tar.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))


def unpacked(archive, cache):
    """The folder of the archive's collections below the cache, unpacked now if this very archive never was.

    It gets its name when it is whole, so what an interrupted run leaves is never taken for data."""
    try:
        stat = archive.stat()
    except OSError as error:
        raise NoData(f"{archive}: {error.strerror}; --collections names a folder of unpacked collections") from None
    folder = cache / f"{stat.st_size}-{int(stat.st_mtime)}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    partial = pathlib.Path(tempfile.mkdtemp(prefix="unpacking-", dir=cache))
    try:
        with tarfile.open(archive) as tar:
            extract(tar, partial)
        partial.rename(folder)
    except (tarfile.TarError, EOFError) as error:
        raise NoData(f"{archive}: cannot be unpacked: {error}") from None
    except OSError:
        if not folder.is_dir():  # else another run was faster
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def collections(folder, names):
    """The collections of those names. NoData names the first that is missing or not whole."""
    found = [Collection(name, pathlib.Path(folder) / name) for name in names]
    for collection in found:
        for part in (collection.docs, collection.qrels, collection.queries):
            if not part.exists():
                raise NoData(f"{part}: not there; the collections of {folder} are: "
                             + (", ".join(sorted(p.parent.name for p in pathlib.Path(folder).glob("*/qrels.tsv"))) or "none"))
    return found


def add_arguments(parser):
    parser.add_argument("names", nargs="*", metavar="COLLECTION", help="default: " + " ".join(BASELINES))
    parser.add_argument("--data", metavar="DIR", help=f"the folder that holds {ARCHIVE} (default: $TIDINGS_DATA)")
    parser.add_argument("--collections", metavar="DIR", help="a folder of unpacked collections, instead of the archive")
    parser.add_argument("--runs", metavar="DIR", type=pathlib.Path,
                        help="keep the runs there as NAME.run, in TREC's format (for compare.py)")


def from_arguments(arguments):
    folder = arguments.collections or unpacked(data_folder(arguments.data) / ARCHIVE, cache_folder())
    return collections(folder, arguments.names or list(BASELINES))


def keep_run(arguments, collection, lines):
    if arguments.runs:
        arguments.runs.mkdir(parents=True, exist_ok=True)
        (arguments.runs / f"{collection.name}.run").write_text("".join(lines), encoding="utf-8")
