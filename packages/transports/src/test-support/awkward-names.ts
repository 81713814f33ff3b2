/** Names that people really use, and that naive code gets wrong. */
export const AWKWARD_NAMES = [
  'with space.txt',
  ' leading space.txt',
  'Grüße aus Köln – 价格.csv',
  'semi;colon=equals.txt',
  'quote\'and"double.txt',
  'percent%20 #hash [1].txt',
  '-dash first.txt',
];
