import { type CatalogEntry, type LookupData, plainEntry } from './catalog-entry.ts'

/** The four apps and books of seed small; the first is the sample of Apple contract 8. */
export const seedEntries: Record<string, CatalogEntry> = {
  9000000001: sample({
    name: 'Tidepool Notes',
    bundleId: 'test.pomona.tidepool',
    genreNames: ['Productivity'],
    releaseDate: '2024-05-06',
    offers: [free('3.2', 800_000_001)],
  }),
  9000000002: sample({
    name: 'Chart Table',
    bundleId: 'test.pomona.charttable',
    genreNames: ['Navigation'],
    releaseDate: '2023-02-14',
    offers: [free('2.0.1', 800_000_002)],
  }),
  9000000003: sample({
    name: 'Knots for Beginners',
    artistName: 'Pomona Test Press',
    description: { standard: 'Made-up book.' },
    genreNames: ['Sports & Outdoors'],
    releaseDate: '2022-09-30',
  }),
  9000000004: {
    ...sample({
      name: 'Harbour Weather',
      bundleId: 'test.pomona.harbourweather',
      genreNames: ['Weather'],
      releaseDate: '2021-11-02',
      offers: [free('7.4', 800_000_004)],
    }),
    mac: { minimumOSVersion: '14.0', offers: [free('7.5', 800_000_104)] },
  },
}

function sample(data: LookupData): CatalogEntry {
  return plainEntry({ data, artworkSource: 'example' })
}

/** The price is written in the country's own way when the entry is shown. */
function free(display: string, externalId: number): LookupData {
  return { type: 'get', price: 0, version: { display, externalId } }
}
