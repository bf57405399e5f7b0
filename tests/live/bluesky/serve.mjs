// Starts a PLC directory, a PDS and an AppView. Arguments: the first of the ports that are free, the database's address.
import { TestNetwork } from '@atproto/dev-env'

const [first, database] = process.argv.slice(2)
const port = Number(first)
const network = await TestNetwork.create({
  dbPostgresUrl: database,
  dbPostgresSchema: 'bsky',
  plc: { port },
  pds: { port: port + 1, hostname: 'localhost', enableDidDocWithSession: true },
  bsky: { port: port + 2, publicUrl: `http://localhost:${port + 2}` },
  ozone: { port: port + 3 },
  introspect: { port: port + 4 },
})
console.log('ready')
process.on('SIGTERM', async () => {
  await network.close()
  process.exit(0)
})
