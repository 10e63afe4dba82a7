/** Facts of a token that Apple accepts and Pomona manages. */
import type { TokenFacts } from '../../src/domain/sync/token-facts.ts'

export const now = new Date('2026-12-01T09:00:00.000Z')

export const goodFacts: TokenFacts = {
  expiresAt: '2027-03-01T08:00:00.0000000Z',
  verifiedAt: '2026-12-01T08:00:00.0000000Z',
  finding: null,
  holder: null,
  isHeldByPomona: true,
  halfHeld: null,
  olderTwinName: null,
  accountType: 'business',
  appleId: 'a1@harbour.example',
  locationId: '7000000000000001',
  locationName: 'Kiel Depot',
  nextAttemptAt: '2026-12-01T09:05:00.0000000Z',
  runId: '01900000-0000-7000-8000-000000000001',
}
