// Where the reader is: `#/devices/default/C02ABC?at=...`. The server sees nothing of it.

export type Place = { page: string; parts: string[]; query: Record<string, string> };

export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [page = '', ...parts] = path.split('/').map((part) => safely(decodeURIComponent, part));
  return { page: page || 'overview', parts: parts.filter(Boolean), query: Object.fromEntries(new URLSearchParams(query)) };
}

function safely(decode: (text: string) => string, text: string) {
  try {
    return decode(text);
  } catch {
    return text; // somebody typed it
  }
}

export function link(page: string, parts: string[] = [], query: Record<string, string | undefined> = {}) {
  const given = Object.entries(query).filter((pair): pair is [string, string] => !!pair[1]);
  const path = [page, ...parts].map(encodeURIComponent).join('/');
  return `#/${path}${given.length ? `?${new URLSearchParams(given)}` : ''}`;
}

class Route {
  place = $state(placeOf(location.hash));

  constructor() {
    addEventListener('hashchange', () => (this.place = placeOf(location.hash)));
  }
  go(page: string, parts: string[] = [], query: Record<string, string | undefined> = {}) {
    location.hash = link(page, parts, query);
  }
  /** The same without a step for the browser's Back. */
  replace(query: Record<string, string | undefined>) {
    const { page, parts } = this.place;
    history.replaceState(null, '', link(page, parts, query));
    this.place = placeOf(location.hash);
  }
}

export const route = new Route();
