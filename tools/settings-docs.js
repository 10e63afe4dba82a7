// Makes the tables of settings in docs/operations.md anew: npx node tools/settings-docs.js
import { readFileSync, writeFileSync } from 'node:fs'
import { withSettingsTables } from '../src/config/operations-page.ts'

const page = 'docs/operations.md'
writeFileSync(page, withSettingsTables(readFileSync(page, 'utf8')))
