const first = [
  'Anchor',
  'Beacon',
  'Breakwater',
  'Buoy',
  'Capstan',
  'Compass',
  'Driftwood',
  'Estuary',
  'Fathom',
  'Gangway',
  'Harbour',
  'Keel',
  'Lantern',
  'Lighthouse',
  'Marlin',
  'Mooring',
  'Pelican',
  'Quayside',
  'Rudder',
  'Sextant',
  'Slipway',
  'Spindrift',
  'Tidewater',
  'Windlass',
]

const secondOfApp = [
  'Atlas',
  'Board',
  'Calendar',
  'Chart',
  'Desk',
  'Forms',
  'Journal',
  'Ledger',
  'Mail',
  'Maps',
  'Planner',
  'Reader',
  'Scanner',
  'Signals',
  'Stocktake',
  'Tasks',
  'Timesheet',
  'Weather',
]

const secondOfBook = ['Almanac', 'Handbook', 'Primer', 'Stories', 'Tables', 'Tales']

/**
 * The same adamId always has the same name. Neighbours have different ones; where the words run out, a number tells
 * them apart.
 */
export function madeUpName(adamId: string, kind: 'app' | 'book'): string {
  const second = kind === 'app' ? secondOfApp : secondOfBook
  const names = first.length * second.length
  const place = Number(BigInt(adamId) % 10_000n)
  const group = Number((BigInt(adamId) / 10_000n) % 1_000n)
  const name = (place + 7 * group) % names
  const round = Math.floor(place / names)
  const words = `${first[name % first.length]} ${second[Math.floor(name / first.length)]}`
  return round === 0 ? words : `${words} ${round + 1}`
}
