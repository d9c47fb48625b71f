"use strict";
{
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const brief = document.querySelector("details.brief");
  const trials = [...document.querySelectorAll("details.trial, details.brief li")];
  const known = trials.map((trial) => trial.dataset.words);
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    trials.forEach((trial, at) => {
      const fits = words.every((word) => known[at].includes(word));
      trial.hidden = !fits;
      shown += fits;
    });
    found.value = words.length === 0 ? "" : `${shown} of ${trials.length}`;
    // What was found must be seen, in the list of what is shown in short too.
    if (brief !== null && words.length > 0) brief.open = true;
  };
  search.addEventListener("input", filter);
  document.querySelector(".search").hidden = false;
}
