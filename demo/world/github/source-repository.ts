import { BareRepository } from './bare-repository.ts'
import { ensureBareRepository } from '../git-server.ts'

/** Branches of the article's model: ready features, release candidates, what is in production. */
const branches = ['dev', 'stg', 'master'] as const
const author = 'Demo <demo@wheelhouse.invalid>'

const program = `package main

import "fmt"

func main() { fmt.Println("podinfo") }
`

/** What podinfo is built from: one commit, in each of the branches. Left as it is where there is anything. */
export async function ensureSourceRepository(path: string): Promise<void> {
  await ensureBareRepository(path, 'master')
  const bare = new BareRepository(path)
  if (!(await bare.isEmpty())) return
  const now = Math.floor(Date.now() / 1000)
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`
  const commit = [
    `commit refs/heads/master\ncommitter ${author} ${now} +0000\n${data('Print the name')}`,
    `M 100644 inline main.go\n${data(program)}`,
  ]
  const others = branches.filter((branch) => branch !== 'master')
  const resets = others.map((branch) => `reset refs/heads/${branch}\nfrom refs/heads/master\n\n`)
  await bare.git(['fast-import', '--quiet'], { input: [...commit, ...resets].join('') })
}
