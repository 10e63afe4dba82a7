import type { Chapter } from './operation.ts'
import {
  anyObject,
  anything,
  flag,
  instant,
  list,
  object,
  oneOf,
  parts,
  ref,
  said,
  text,
  usually,
  whole,
} from './schema.ts'

const seed = said(anything, 'One name or a list of them.')
const clock = object({ now: instant, mode: oneOf('frozen', 'running') })
const world = '/simulator/worlds/{world}'

export const worldChapter: Chapter = {
  name: 'worlds',
  about: 'Worlds, their time and their rules.',
  security: 'controlKey',
  operations: [
    {
      method: 'GET',
      path: '/simulator/seeds',
      summary: 'Names of the seeds and what is in them',
      answer: object({ seeds: list(anyObject) }),
    },
    {
      method: 'POST',
      path: '/simulator/worlds',
      summary: 'Make a world',
      body: object({
        name: said(text, 'a-z, 0-9 and hyphens'),
        'seed?': seed,
        'rngSeed?': usually(whole, 1),
        'at?': usually(instant, '2026-12-01T09:00:00Z'),
        'clock?': usually(oneOf('running', 'frozen'), 'running'),
      }),
      example: { name: 'side', seed: ['small', 'states'], clock: 'frozen' },
      status: 201,
      answer: object({
        name: text,
        seeds: list(text),
        dataUrl: text,
        lookupUrl: text,
        controlUrl: text,
      }),
    },
    {
      method: 'DELETE',
      path: world,
      summary: 'Remove a world; main stays',
      params: { world: 'side' },
      status: 204,
    },
    {
      method: 'POST',
      path: `${world}/reset`,
      summary: 'Back to the first moment, or to other seeds; snapshots stay',
      body: parts({ seed }),
      example: { seed: 'small' },
      answer: object({ name: text, seeds: list(text), now: instant }),
    },
    {
      method: 'POST',
      path: `${world}/snapshots`,
      summary: 'Keep everything but the journal under a name',
      body: object({ name: text }),
      example: { name: 'before' },
      status: 201,
      answer: object({ name: text }),
    },
    {
      method: 'POST',
      path: `${world}/snapshots/{name}/restore`,
      summary: 'Bring it back, as often as wanted',
      params: { name: 'before' },
      answer: object({ name: text }),
    },
    {
      method: 'DELETE',
      path: `${world}/snapshots/{name}`,
      summary: 'Forget a snapshot',
      params: { name: 'before' },
      status: 204,
    },
    { method: 'GET', path: `${world}/clock`, summary: "The world's time", answer: clock },
    {
      method: 'POST',
      path: `${world}/clock`,
      summary: 'Set, advance, freeze or let go',
      more: 'Moves expiry, events, notifications and retention. `set` and `advanceSeconds` exclude each other.',
      body: parts({ set: instant, advanceSeconds: whole, mode: oneOf('frozen', 'running') }),
      example: { advanceSeconds: 3600 },
      answer: clock,
    },
    {
      method: 'GET',
      path: `${world}/switches`,
      summary: 'How the world decides where Apple is ambiguous',
      answer: ref('Switches'),
    },
    {
      method: 'PATCH',
      path: `${world}/switches`,
      summary: 'Turn switches',
      body: ref('SwitchChanges'),
      example: { invalidTokenStatus: 401 },
      answer: ref('Switches'),
    },
    {
      method: 'GET',
      path: `${world}/settings`,
      summary: 'Page sizes, limits, delays',
      answer: ref('Settings'),
    },
    {
      method: 'PATCH',
      path: `${world}/settings`,
      summary: 'Change settings; parts left out stay',
      body: ref('SettingChanges'),
      example: { pageSizes: { assets: 2 }, limits: { maxAssets: 10 } },
      answer: ref('Settings'),
    },
    {
      method: 'PUT',
      path: `${world}/catalog/{adamId}`,
      summary: 'Say what the lookup shows of an app or book',
      more: 'Parts left out are what the seeds say. In `countries`, null means: not offered there.',
      params: { adamId: '9000000001' },
      body: parts({
        data: said(anyObject, 'Members of the lookup result.'),
        mac: said(anyObject, 'Laid over `data` for platform=macappstore.'),
        countries: said(anyObject, 'Members for one country, by its two letters.'),
        leaveOut: list(text),
        custom: said(flag, 'Shown to holders of a content token only.'),
        sold: said(flag, 'False: shown to holders of a content token only.'),
        artworkSource: oneOf('example', 'simulator'),
        artworkShape: oneOf('object', 'list'),
      }),
      example: { data: { name: 'Tidepool Notes II' }, artworkSource: 'simulator' },
      answer: ref('CatalogEntry'),
    },
    {
      method: 'DELETE',
      path: `${world}/catalog/{adamId}`,
      summary: 'Take an app or book out of the store',
      params: { adamId: '9000000001' },
      status: 204,
    },
  ],
}

/** Can be read without the key. */
export const doorChapter: Chapter = {
  name: 'door',
  about: 'The control plane without its key.',
  security: 'none',
  operations: [
    {
      method: 'GET',
      path: '/simulator/health',
      summary: 'Whether it runs, and its worlds',
      answer: object({ status: oneOf('ok'), worlds: list(text) }),
    },
    {
      method: 'GET',
      path: '/simulator/openapi.json',
      summary: 'This description',
      answer: anyObject,
    },
  ],
}
