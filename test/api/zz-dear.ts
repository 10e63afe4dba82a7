import { measuredService } from './measured-service.ts'
import { dearRequests, largeToken } from './dear-requests.ts'
import { request } from './fuzz-pieces.ts'
const s = await measuredService()
const create = largeToken(s.target)
for (let n = 0; n < 320; n++) await s.cost(create, { isWhole: true, isSettled: false })
for (let i = 0; i < 2; i++)
for (const [name, status, r] of dearRequests.filter(([n]) => /largest page|twenty of those in one batch$/.test(n) )) { const c = await s.cost(r(s.target), { isWhole: true, isSettled: true }).catch(e=>e); console.log(name, status, c.answer?.slice(9,12), c.cpuMs, 'peak', c.memoryBytes/1048576, 'rss', c.grownBytes/1048576, 'held', c.settledBytes/1048576, 'gcs', c.gcs) }
await s.close()
