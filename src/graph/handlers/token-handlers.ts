/** What each operation on tokens does: one line between decode and encode. */
import { requestCounts } from '../../domain/sync/request-counts.ts'
import { requestSync } from '../../domain/sync/request-sync.ts'
import { addToken } from '../../domain/tokens/add-token.ts'
import { checkToken, type TokenCheck } from '../../domain/tokens/check-token.ts'
import { countExpiring } from '../../domain/tokens/count-expiring.ts'
import { countTokens, getToken, listTokens } from '../../domain/tokens/read-tokens.ts'
import { removeToken } from '../../domain/tokens/remove-token.ts'
import { updateToken } from '../../domain/tokens/update-token.ts'
import { formatDateTimeOffset, utc } from '../../model/date-time-offset.ts'
import { decode } from '../../model/payload/decode.ts'
import type { JsonMembers } from '../../model/payload/encode.ts'
import { vppToken } from '../../model/vpp-token.ts'
import { readEmptyActionBody } from '../request/action-body.ts'
import { readTokenToCheck } from '../request/check-body.ts'
import { readDateParameter } from '../request/path-values.ts'
import { readEntityBody } from '../request/request-body.ts'
import { type BodyReader, type Handler, reads, requireSet, takes } from './handler.ts'
import { listed } from './listed.ts'

const entity: BodyReader<ReturnType<typeof decodeToken>> = async (request, operation) =>
  decodeToken(requireSet(operation).face, await readEntityBody(request))
const decodeToken = (face: 'old' | 'v1.0' | 'beta' | 'pomona', body: unknown) =>
  decode(vppToken, face, body)

/** An action without parameters. */
const noParameters: BodyReader<void> = (request, { name }) => readEmptyActionBody(request, name)

export const tokenHandlers = {
  listTokens: reads('list', ({ storage }, input) =>
    listed(
      input,
      (query) => listTokens(storage, input.actor, query),
      (filter) => countTokens(storage, input.actor, filter),
    ),
  ),
  countTokens: reads('count', async ({ storage }, { actor, query }) => ({
    kind: 'count',
    count: await countTokens(storage, actor, query.filter),
  })),
  getToken: reads('entity', async ({ storage }, { actor, id }) => ({
    kind: 'entity',
    row: await getToken(storage, actor, id()),
  })),
  createToken: takes({
    isRecognized: true,
    body: entity,
    handle: async (deps, { actor, retry }, sent) => {
      const recognizedMs = deps.recognizeRetriesMs
      const row = await addToken(deps, actor, sent, retry && { ...retry, recognizedMs })
      deps.onDue()
      return { kind: 'created', row, echo: sent.token ?? null }
    },
  }),
  updateToken: takes({
    isConditional: true,
    body: entity,
    handle: async (deps, { actor, id, expected }, sent) => {
      const row = await updateToken(deps, actor, id(), sent, expected)
      deps.onDue()
      return { kind: 'updated', row, echo: sent.token ?? null }
    },
  }),
  removeToken: {
    answers: 'nothing',
    isConditional: true,
    run: async (deps, { actor, id, expected }) => {
      await removeToken(deps, actor, id(), expected)
      deps.onDue()
      return { kind: 'nothing' }
    },
  },
  syncToken: takes({
    body: noParameters,
    handle: async (deps, { actor, id }) => {
      const row = await requestSync(deps, actor, id())
      deps.onDue()
      return { kind: 'acted', row }
    },
  }),
  syncLicenseCounts: takes({
    body: noParameters,
    handle: async (deps, { actor }) => {
      await requestCounts(deps, actor)
      deps.onDue()
      return { kind: 'nothing' }
    },
  }),
  countExpiringTokens: reads('nothing', async ({ storage }, { actor, parameter }) => ({
    kind: 'value',
    context: '#Edm.Int32',
    members: {
      value: await countExpiring(
        storage,
        actor,
        readDateParameter(parameter, 'expiringBeforeDateTime'),
      ),
    },
  })),
  checkToken: takes({
    body: readTokenToCheck,
    handle: async (deps, { actor }, toCheck) => ({
      kind: 'value',
      members: encodeCheck(await checkToken(deps, actor, toCheck)),
    }),
  }),
} as const satisfies Record<string, Handler>

/** Dates as everywhere, an absent fact as null. */
function encodeCheck({ isAcceptable, expiration, ...check }: TokenCheck): JsonMembers {
  const expirationDateTime = expiration === null ? null : formatDateTimeOffset(utc(expiration))
  return { ok: isAcceptable, ...check, expirationDateTime }
}
