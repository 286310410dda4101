/** Stands in for the package prop-types: every check accepts. */
const accept = (): null => null;
const make = (): (() => null) => accept;

// oxlint-disable-next-line import/no-default-export -- those that import the package expect it so
export default {
  any: accept,
  array: accept,
  bool: accept,
  func: accept,
  node: accept,
  number: accept,
  object: accept,
  string: accept,
  element: accept,
  arrayOf: make,
  oneOf: make,
  oneOfType: make,
  shape: make,
  exact: make,
  instanceOf: make,
  objectOf: make,
};
