import { Failure } from '../../model/failure.ts'
import type { SigningKey, SigningKeyStore } from '../../ports/instance-store.ts'
import type { SqlConnection } from './connection.ts'
import { rowCodec } from './row-codec.ts'
import { assignments, placeholders } from './statement-text.ts'

const codec = rowCodec<SigningKey>({
  id: 'text',
  algorithm: 'text',
  publicJwk: 'text',
  createdAt: 'text',
  retiredAt: 'text',
})
const columns = codec.columns.join(', ')

const sql = {
  list: `select ${columns} from signing_key order by created_at desc, id desc`,
  insert: `insert into signing_key (${columns}) values (${placeholders(codec.columns)})`,
  // `write` gives the id first, so it is $1 in the assignments as well.
  update: `update signing_key set ${assignments(codec.columns)} where id = $1`,
}

export function signingKeyStore(connection: SqlConnection): SigningKeyStore {
  return {
    list: async () => (await connection.all(sql.list)).map(codec.read),
    insert: async (key) => {
      await connection.run(sql.insert, codec.write(key))
    },
    update: async (key) => {
      if ((await connection.run(sql.update, codec.write(key))) === 0)
        throw new Failure(
          'notFound',
          `There is no signing key with the id "${key.id}". It may have been removed.`,
        )
    },
  }
}
