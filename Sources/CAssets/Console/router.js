// Every page has an address behind the `#`: `#/DIRECTORY/PAGE/ARGUMENT?filter=…`.

/** The parts of an address. */
export function parse(hash = location.hash) {
  const [path, search = ''] = hash.replace(/^#/, '').split('?');
  const parts = path.split('/').filter(Boolean).map((part) => {
    try { return decodeURIComponent(part); } catch { return part; }
  });
  const [directory, page = 'overview', ...rest] = parts;
  return { directory, page, rest, query: new URLSearchParams(search) };
}

/** The address of a page in a directory. */
export function to(directory, page, rest = [], query = {}) {
  const path = [directory, page, ...[rest].flat()].map((part) => encodeURIComponent(part)).join('/');
  const pairs = Object.entries(query).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  const search = new URLSearchParams(pairs).toString();
  return `#/${path}${search ? `?${search}` : ''}`;
}

/** Changes the filters in the address without another entry in the history. */
export function keepQuery(query) {
  const { directory, page, rest } = parse();
  history.replaceState(null, '', to(directory, page, rest, query));
}
