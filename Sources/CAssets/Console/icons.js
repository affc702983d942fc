// Icons of our own: strokes on a grid of 20.
const SVG = 'http://www.w3.org/2000/svg';

const paths = {
  overview: 'M3 10.500 10 4l7 6.500M5 9v7h3.800v-4.200h2.400V16H15V9',
  connect: 'M8 6V3.500M12 6V3.500M6 6h8v3.500a4 4 0 0 1-8 0zM10 13.500v3',
  connections: 'M7.500 12.500 12.500 7.500M8.500 6.500l1.700-1.700a3.500 3.500 0 0 1 5 5L13.500 11.500M11.500 13.500l-1.700 1.700a3.500 3.500 0 0 1-5-5L6.500 8.500',
  people: 'M10 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.500c.5-3.200 2.800-5 6-5s5.500 1.800 6 5',
  groups: 'M7.500 9a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM2.500 15.500c.4-2.800 2.300-4.300 5-4.300s4.600 1.500 5 4.300M13 4.200a2.500 2.500 0 0 1 0 4.600M14.500 11.500c1.800.5 2.800 1.900 3 4',
  access: 'M10 3l6 2.300V10c0 3.600-2.500 6-6 7-3.500-1-6-3.400-6-7V5.300zM7.500 10l1.800 1.800 3.400-3.500',
  activity: 'M2.500 10.500h3L8 5l4 10 2.200-4.500h3.300',
  keys: 'M12.500 8.500a2 2 0 1 0 0-.1M12.500 12.500a4.500 4.500 0 1 0-4.200-2.900L3 15v2h3v-2h2v-2l1.700-1a4.500 4.500 0 0 0 2.800.5z',
  settings: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  docs: 'M4 4.500c2.300-.8 4.300-.6 6 .7 1.700-1.300 3.700-1.500 6-.7v11c-2.300-.8-4.300-.6-6 .7-1.700-1.300-3.700-1.500-6-.7zM10 5.200v11',
  copy: 'M7.500 7.500h8v8h-8zM4.500 12.500v-8h8',
  check: 'M4.500 10.500 8.500 14.500 15.500 6',
  wait: 'M10 3.500v0M10 6.500V10l2.500 2M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z',
  warn: 'M10 3.500 17.500 16.500H2.500zM10 8.500v3.500M10 14.300v.1',
  next: 'M8 5l5 5-5 5',
  out: 'M12 6V4H4v12h8v-2M8 10h9M14.500 7.500 17 10l-2.500 2.500',
  plus: 'M10 4.500v11M4.500 10h11',
  close: 'M5.500 5.500l9 9M14.500 5.500l-9 9',
};

export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', paths[name] ?? paths.warn);
  svg.append(path);
  return svg;
}
