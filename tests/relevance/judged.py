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
DEFAULT_DATA = TREE.parent / "shared" / "data"

# nDCG@10 and MAP of others on the same files and queries, as bags of words, each at its defaults: Lucene 8's BM25 with its English analyzer on
# the whole text; Xapian 1.4.22's term generator and query parser (baseline_xapian.py prints these); tantivy 0.26's English stemmer. None of ours
# may be below the best of them by more than 2 %.
BASELINES = {
    "cranfield": {"Lucene": (.367, .305), "Xapian": (.357, .295), "tantivy": (.362, .294)},
    "cisi": {"Lucene": (.389, .218), "Xapian": (.357, .203), "tantivy": (.318, .181)},
    "cacm": {"Lucene": (.505, .365), "Xapian": (.493, .348), "tantivy": (.442, .293)},
    "lisa": {"Lucene": (.463, .369), "Xapian": (.439, .348), "tantivy": (.436, .346)},
    "adi": {"Lucene": (.491, .415), "Xapian": (.466, .401), "tantivy": (.489, .428)},
    "reuters_topics": {"Lucene": (.790, .594), "Xapian": (.810, .600), "tantivy": (.772, .563)},
    "dbpedia_sample": {"Lucene": (.382, .400), "Xapian": (.377, .399), "tantivy": (.387, .405)},
    "xquad_en": {"Xapian": (.970, .962)},
}
ENOUGH = 0.98

# What ours have reached, to three digits. A change that takes one down by more than MOST_FALL is a change for the worse: where it is wanted
# all the same, the figure is changed with it, and README.md says why.
REACHED = {
    "cranfield": (.404, .344),
    "cisi": (.422, .253),
    "cacm": (.541, .405),
    "lisa": (.486, .404),
    "adi": (.483, .422),
    "reuters_topics": (.826, .656),
    "dbpedia_sample": (.396, .430),
    "xquad_en": (.971, .964),
}
MOST_FALL = 0.005

# Run only when named, for what they ask is stemming of one language each.
FURTHER_BASELINES = {"xquad_de": {"Xapian": (.946, .934)}, "xquad_ru": {"Xapian": (.954, .942)}}
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
        """{measure: (what the best of the others reaches, who)}, empty where it is not known."""
        others = (BASELINES | FURTHER_BASELINES).get(self.name, {})
        return {measure: max((figures[i], who) for who, figures in others.items())
                for i, measure in enumerate(("nDCG@10", "MAP")) if others}

    @property
    def reached(self):
        """{measure: what ours has reached}, empty where it is not known."""
        return dict(zip(("nDCG@10", "MAP"), REACHED.get(self.name, ())))


def data_folder(given=None):
    """The folder with the archive: as given, else $TIDINGS_DATA, else DEFAULT_DATA where it exists."""
    folder = given or os.environ.get("TIDINGS_DATA") or (DEFAULT_DATA if DEFAULT_DATA.is_dir() else None)
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
    parser.add_argument("--data", metavar="DIR", help=f"the folder that holds {ARCHIVE} (default: $TIDINGS_DATA, else ../shared/data beside the tree)")
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
