/** A value that is not there. Where rows are cards, its line is left out. */
export const none = (
  <span className="faint" data-none>
    —
  </span>
);
