/** `new-town` → `New Town`: a node's name as the name of a place. */
export function placeName(city: string): string {
  return city
    .split('-')
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
