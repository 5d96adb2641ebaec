import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startNotifyReceivers, type NotifyReceivers } from '#test/fakes/notify-receivers.ts'
import { pictureOnFailure, untilLive, type ProductInBrowser } from './product-in-browser.ts'

const file = 'releases/dev/podinfo.yaml'

export function notifying(the: () => ProductInBrowser): void {
  describe('notifications', () => {
    let receivers: NotifyReceivers
    beforeAll(async () => {
      receivers = await startNotifyReceivers()
    })
    afterAll(() => receivers.close())

    const told = () => receivers.received.flatMap(({ body }) => (body['type'] ? [String(body['type'])] : []))

    it('go to a channel that was set up, tested and given a rule', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      await page.goto(`${product.web}/settings/notifications`)
      await page.getByText('Nobody is told yet').waitFor()
      await page.getByRole('button', { name: 'Set up channel' }).click()
      const dialog = page.getByRole('dialog', { name: 'Set up a channel' })
      await dialog.getByLabel('Kind').selectOption('webhook')
      await dialog.getByLabel('Name').fill('ops')
      const keep = dialog.getByRole('button', { name: 'Keep it' })
      expect(await keep.getAttribute('aria-disabled')).toBe('true')
      await dialog.getByLabel('Address of the webhook').fill(`${receivers.url}/hook?key=canary-5f3d9c`)
      await keep.click()
      await dialog.waitFor({ state: 'detached' })

      await page.getByRole('button', { name: 'Test ops' }).click()
      await page.getByText('The test has arrived').waitFor()
      expect(told()).toEqual(['alert.test'])
      await page
        .getByRole('region', { name: 'Deliveries' })
        .getByRole('row')
        .filter({ hasText: 'test' })
        .first()
        .waitFor()

      await page.getByRole('button', { name: 'Add rule' }).click()
      const rule = page.getByRole('dialog', { name: 'Add a rule' })
      await rule.getByRole('button', { name: 'policy broken' }).click()
      await rule.getByText(/incidents? of the last 30 days/).waitFor()
      await rule.getByRole('button', { name: 'Add it' }).click()
      await page.getByText('Policy broken').first().waitFor()
      await page.getByRole('button', { name: 'Change the rule' }).click()
      const again = page.getByRole('dialog', { name: 'Change the rule' })
      await again.getByRole('button', { name: 'dev', exact: true }).click()
      await again.getByRole('button', { name: 'Keep it' }).click()
      await page.getByText('Policy broken, in dev').first().waitFor()

      await page.getByRole('button', { name: 'Set up the heartbeat' }).click()
      const heartbeat = page.getByRole('dialog', { name: 'Heartbeat' })
      await heartbeat.getByLabel('Address').fill(`${receivers.url}/hook-beat/canary-5f3d9c`)
      await heartbeat.getByRole('button', { name: 'Keep it' }).click()
      await page.getByText(/called .*: 204/).waitFor()
      expect(await page.content()).not.toContain('canary-5f3d9c')
    })

    it('tell of an incident that is acknowledged, silenced and over', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      await page.goto(`${product.web}/alerts`)
      await untilLive(page)
      const good = await product.git.read(file)
      await product.git.push({ [file]: good.replace('glob:dev-*', 'semver:none') }, 'Break the filter')
      const row = page.getByRole('listitem').filter({ hasText: 'of podinfo-dev is not automated' }).first()
      await row.waitFor()
      await expect.poll(told).toContain('alert.open')

      await row.getByRole('button', { name: 'Acknowledge' }).click()
      await row.getByText(/acknowledged by/).waitFor()
      await expect.poll(told).toContain('alert.acknowledged')

      await row.getByRole('button', { name: 'Silence' }).click()
      const dialog = page.getByRole('dialog', { name: 'Silence' })
      await dialog.getByLabel('Why').fill('known since noon')
      await dialog.getByRole('button', { name: 'Silence' }).click()
      await row.getByText(/silenced for/).waitFor()
      const silences = page.getByRole('region', { name: 'Silenced' })
      await silences.getByText(/known since noon/).waitFor()
      await silences.getByRole('button', { name: 'End' }).click()
      await silences.waitFor({ state: 'detached' })

      await product.git.push({ [file]: good }, 'Mend the filter')
      await expect.poll(told, { timeout: 20_000 }).toContain('alert.recovered')
      const over = page.getByRole('region', { name: 'Recovered' })
      await over.getByText('of podinfo-dev is not automated').first().waitFor()
    })
  })
}
