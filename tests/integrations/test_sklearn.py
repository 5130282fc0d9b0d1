"""Scikit-learn's own checks that a transformer of texts can pass, and `Cleaner` in its pipelines."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from defect import CLEANED, TEXTS
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import SkipTestWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks, get_tags
from sklearn.utils.estimator_checks import check_estimator

import dedup
from dedup.integrations.sklearn import Cleaner

GIVEN = [text or "" for text in TEXTS]
WANTED = [text or "" for text in CLEANED]
WITHOUT_NUMBERS = [  # the checks that give the estimator no numbers, or look at what it does without data
    "check_estimator_cloneable",
    "check_estimator_tags_renamed",
    "check_valid_tag_types",
    "check_estimator_repr",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_get_params_invariance",
    "check_set_params",
    "check_do_not_raise_errors_in_init_or_set_params",
]


def test_check_estimator():
    with warnings.catch_warnings():
        # It ends with this warning for every estimator that takes no numbers, its own vectorizers included.
        warnings.filterwarnings("ignore", "Can't test estimator Cleaner which requires input", SkipTestWarning)
        told = check_estimator(Cleaner(), on_skip=None)
    assert {check["status"] for check in told} == {"passed"}
    tags = get_tags(Cleaner())
    assert tags.input_tags.string
    assert not tags.requires_fit


@pytest.mark.parametrize("check", WITHOUT_NUMBERS)
def test_checks_that_need_no_numbers(check):
    getattr(estimator_checks, check)("Cleaner", Cleaner())


@pytest.mark.parametrize("kind", [list, tuple, lambda texts: np.array(texts, object), np.array, pd.Series, iter])
def test_whatever_holds_texts_gives_an_array_of_them(kind):
    made = Cleaner().fit(kind(GIVEN)).transform(kind(GIVEN))
    assert isinstance(made, np.ndarray)
    assert (made.shape, made.dtype) == ((len(GIVEN),), object)
    assert made.tolist() == WANTED


def test_it_needs_no_fit_learns_nothing_and_can_be_copied():
    cleaner = Cleaner(dedup.Config(repeats=dedup.Repeats(enabled=False)))
    assert cleaner.transform(GIVEN).tolist() == GIVEN
    assert vars(cleaner) == vars(cleaner.fit(GIVEN))
    for other in (clone(cleaner), pickle.loads(pickle.dumps(cleaner))):  # noqa: S301 - our own bytes
        assert other.config == cleaner.config
        assert other.transform(GIVEN).tolist() == GIVEN
    assert Cleaner().transform([]).shape == (0,)
    assert Cleaner().fit_transform([GIVEN[0]]).tolist() == [WANTED[0]]


def test_in_pipelines():
    plain = make_pipeline(TfidfVectorizer(), LogisticRegression())
    cleaning = make_pipeline(Cleaner(), TfidfVectorizer(), LogisticRegression())
    labels = [0, 1, 0, 1, 0, 1]
    cleaning.fit(GIVEN, labels)
    assert (cleaning.decision_function(GIVEN) == plain.fit(WANTED, labels).decision_function(WANTED)).all()
    columns = ColumnTransformer([("text", make_pipeline(Cleaner(), TfidfVectorizer()), "text")])
    assert columns.fit_transform(pd.DataFrame({"text": GIVEN, "n": labels})).shape[0] == len(GIVEN)
    off = dedup.Config(repeats=dedup.Repeats(enabled=False))
    search = GridSearchCV(cleaning, {"cleaner__config": [None, off]}, cv=2).fit(GIVEN, labels)
    assert search.best_params_["cleaner__config"] in {None, off}


@pytest.mark.parametrize(
    "wrong", ["one text", b"bytes", np.array([["two"], ["dimensions"]]), ["a", None], pd.Series(["a", float("nan")]), [1]]
)
def test_what_is_no_sequence_of_texts_is_refused(wrong):
    with pytest.raises(dedup.InputError, match=r"a sequence of texts is needed|the text of row \d is"):
        Cleaner().transform(wrong)
