"""An instructor's Monday: a class of sixty, from the downloads of an LMS to the grades and pages that it takes back."""
