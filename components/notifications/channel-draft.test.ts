import { expect, it } from 'vitest'
import { draftOf, givenBy, missingIn } from './channel-draft.ts'
import type { Channel } from '#lib/api/notifications.ts'

const channel: Channel = {
  id: 'c',
  name: 'Ops',
  host: 'mail.example.test',
  config: {
    kind: 'email',
    port: 465,
    tls: 'implicit',
    from: 'a@example.test',
    to: ['b@example.test', 'c@example.test'],
  },
  secrets: ['password'],
  createdAt: 1,
  createdBy: 'ann@example.test',
  failures: 0,
}

it('gives back what it was made of, and no secret', () => {
  const { name, host, config } = channel
  expect(givenBy(draftOf(channel))).toEqual({ name, host, config, secrets: {} })
})

it('takes recipients however they are parted', () => {
  const { config } = givenBy({ ...draftOf(channel), to: ' a@x.test;b@x.test\nc@x.test, ' })
  expect(config).toMatchObject({ to: ['a@x.test', 'b@x.test', 'c@x.test'] })
})

it('asks for what is needed, and not for a secret that stays', () => {
  const webhook = { ...draftOf(undefined), kind: 'webhook' as const, name: 'Ops' }
  expect(missingIn(webhook, [])).toContain('encrypted')
  expect(missingIn(webhook, ['url'])).toBeUndefined()
  expect(missingIn({ ...webhook, secrets: { url: 'https://x.test' } }, [])).toBeUndefined()
  expect(missingIn({ ...webhook, name: ' ' }, ['url'])).toContain('name')
  expect(missingIn({ ...draftOf(channel), to: '' }, [])).toContain('recipients')
})
