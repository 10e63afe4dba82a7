/** Facts of a token that Apple accepts and Pomona manages. */
import type { TokenFacts } from '../../src/domain/sync/token-facts.ts'

export const now = new Date('2026-12-01T09:00:00.000Z')

export const goodFacts: TokenFacts = {
  expiresAt: '2027-03-01T08:00:00.0000000Z',
  verifiedAt: '2026-12-01T08:00:00.0000000Z',
  finding: null,
  holder: {
    id: '5e1f0c4e-0000-4000-8000-00000000000a',
    name: 'Pomona at harbour.example',
    firstSeenAt: '2026-11-01T07:30:00.0000000Z',
  },
  isHeldByPomona: true,
  olderTwinName: null,
  accountType: 'business',
  appleId: 'a1@harbour.example',
  locationId: '7000000000000001',
  locationName: 'Kiel Depot',
  nextAttemptAt: '2026-12-01T09:05:00.0000000Z',
  runId: '01900000-0000-7000-8000-000000000001',
}
