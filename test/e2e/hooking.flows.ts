import { describe, expect, it } from 'vitest'
import { signature } from '#test/fixtures/hook-signature.ts'
import { pictureOnFailure, untilLive, type ProductInBrowser } from './product-in-browser.ts'

export function hooking(the: () => ProductInBrowser): void {
  let address = ''
  let secret = ''

  const deliver = (event: string, delivery: string, payload: unknown) => {
    const body = JSON.stringify(payload)
    const headers = {
      'x-github-event': event,
      'x-github-delivery': delivery,
      'x-hub-signature-256': signature(body, secret),
    }
    return fetch(address, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  }

  describe('a webhook', () => {
    it('is made, and its secret is seen once', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      await page.goto(`${product.web}/settings/webhooks`)
      await untilLive(page)
      await page.getByText('No webhook yet').waitFor()
      await page.getByRole('button', { name: 'New webhook' }).click()
      await page.getByLabel('Name').fill('acme/fleet')
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: 'Webhook acme/fleet' })
      await dialog.waitFor()
      const text = await dialog.innerText()
      address = /http\S+\/api\/webhooks\/hook-\w+/.exec(text)?.[0] ?? ''
      secret = /wh_[\w-]+/.exec(text)?.[0] ?? ''
      expect([address, secret]).toEqual([expect.stringMatching(/^http/), expect.stringMatching(/^wh_/)])
      await dialog.getByRole('button', { name: 'I have entered it' }).click()
      await dialog.waitFor({ state: 'detached' })
      await page.reload()
      await page.getByRole('listitem', { name: 'acme/fleet' }).getByText(address).waitFor()
      expect(await page.content()).not.toContain(secret)
    })

    it('shows a delivery as it arrives', async () => {
      const { page } = the()
      pictureOnFailure(page)
      await untilLive(page)
      expect((await deliver('ping', 'd-1', { zen: 'Keep it logically awesome.' })).status).toBe(202)
      const row = page.getByRole('row').filter({ hasText: 'ping' })
      await row.getByText('handled').waitFor()
      await row.getByRole('button', { name: 'ping' }).click()
      const drawer = page.getByRole('dialog', { name: 'Delivery' })
      await drawer.getByText('Keep it logically awesome.').waitFor()
      await drawer.getByText('x-github-event: ping').waitFor()
    })

    it('has a delivery handled once more', async () => {
      const { page } = the()
      pictureOnFailure(page)
      const drawer = page.getByRole('dialog', { name: 'Delivery' })
      await drawer.getByRole('button', { name: 'Replay' }).click()
      await page.getByText('Replayed: what it is about is looked at now.').waitFor()
      await page.keyboard.press('Escape')
      await drawer.waitFor({ state: 'detached' })
      await page.getByRole('row').filter({ hasText: 'replayed by' }).waitFor()
      expect(await page.getByRole('row').filter({ hasText: 'ping' }).count()).toBe(2)
    })

    it('tells of what it refused', async () => {
      const { page } = the()
      pictureOnFailure(page)
      expect((await fetch(address, { method: 'POST', body: '{}', headers: { 'x-github-event': 'push' } })).status).toBe(
        401,
      )
      await page.getByText('1 delivery was refused.', { exact: false }).waitFor()
      await page.getByRole('row').filter({ hasText: 'refused: It is not signed.' }).waitFor()
    })
  })
}
