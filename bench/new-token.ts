/** Bodies of creates: in every one another content token, so that each is hashed, sealed and stored for itself. */
import { randomBytes } from 'node:crypto'

const dayMs = 86_400_000
/** Three of four are valid, as in a place that is looked after. */
const states = ['valid', 'valid', 'valid', 'expired']

/** The JSON of a token with the properties of v1.0; a number gives each its own names. */
export function newTokenBody(number: number): string {
  const expiry = new Date(Date.now() + (number % 300) * dayMs).toISOString()
  return JSON.stringify({
    organizationName: `Organization ${number}`,
    vppTokenAccountType: number % 3 === 0 ? 'education' : 'business',
    appleId: `apps-${number}@example.com`,
    expirationDateTime: expiry,
    lastSyncDateTime: new Date().toISOString(),
    state: states[number % states.length],
    lastSyncStatus: 'completed',
    automaticallyUpdateApps: number % 2 === 0,
    countryOrRegion: 'de',
    token: contentToken(number, expiry),
  })
}

function contentToken(number: number, expiry: string): string {
  const content = {
    token: randomBytes(64).toString('base64'),
    expDate: expiry.replace(/\.\d+Z$/, '+0000'),
    orgName: `Organization ${number}`,
  }
  return Buffer.from(JSON.stringify(content)).toString('base64')
}
