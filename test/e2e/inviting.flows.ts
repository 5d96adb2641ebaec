import { describe, expect, it } from 'vitest'
import { accessibilityProblems, sidewaysOverflow } from './page-checks.ts'
import { pictureOnFailure, untilLive, type ProductInBrowser } from './product-in-browser.ts'

const password = 'seven red boats at dawn'

export function inviting(the: () => ProductInBrowser): void {
  describe('a person', () => {
    it('is invited, chooses a password, sees who could do what they may not, and is out when disabled', async () => {
      const { page, browser, product, release } = the()
      pictureOnFailure(page)
      const link = await inviteMia(the())

      const context = await browser.newContext({ viewport: { width: 360, height: 780 } })
      const theirs = await context.newPage()
      pictureOnFailure(theirs)
      await theirs.goto(link)
      await theirs.getByText('mia@example.com').waitFor()
      expect(await accessibilityProblems(theirs)).toEqual([])
      expect(await sidewaysOverflow(theirs)).toBe(0)
      const go = theirs.getByRole('button', { name: 'Choose it and sign in' })
      await theirs.getByLabel('Password').fill('mia@example.com')
      await theirs.getByText('This password is mostly your own name or address.').waitFor()
      expect(await go.getAttribute('aria-disabled')).toBe('true')
      await theirs.getByLabel('Password').fill(password)
      await go.click()
      await theirs.getByRole('heading', { name: 'Environments', level: 1 }).waitFor()

      await theirs.setViewportSize({ width: 1280, height: 900 })
      await theirs.goto((await release('podinfo-prod')).path)
      const hold = theirs.getByRole('button', { name: 'Hold' })
      await expect.poll(() => hold.getAttribute('aria-disabled')).toBe('true')
      await hold.focus()
      await theirs.getByRole('tooltip').getByText('It takes the role deployer, approver or admin in prod.').waitFor()
      await theirs.goto((await release('podinfo-dev')).path)
      await expect.poll(() => hold.getAttribute('aria-disabled')).toBe(null)
      await untilLive(theirs)

      await page.getByRole('button', { name: 'Actions for Mia' }).click()
      await page.getByRole('menuitem', { name: 'Disable' }).click()
      await page.getByRole('row').filter({ hasText: 'mia@example.com' }).getByText('disabled').waitFor()
      await theirs.waitForURL('**/sign-in?next=*')
      await theirs.goto(`${product.web}/sign-in`)
      await theirs.getByLabel('E-mail').fill('mia@example.com')
      await theirs.getByLabel('Password').fill(password)
      await theirs.getByRole('button', { name: 'Sign in' }).click()
      await theirs.getByText('E-mail and password do not fit together.').waitFor()
      await context.close()
    })

    it('sees where they are signed in, and ends it elsewhere', async () => {
      const { page, product, windowOf } = the()
      pictureOnFailure(page)
      const [desk, other] = [await windowOf('approver'), await windowOf('approver')]
      await desk.goto(`${product.web}/you`)
      await desk.getByText('this one').waitFor()
      await other.goto(product.web)
      await untilLive(other)
      await desk.getByRole('button', { name: 'End all others' }).click()
      await other.waitForURL('**/sign-in?next=*')
      await expect.poll(() => desk.getByRole('row').count()).toBe(2)
      await desk.context().close()
      await other.context().close()
    })

    it('who is the last administrator is kept', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      await page.goto(`${product.web}/settings/people`)
      await page.getByRole('button', { name: 'Actions for Admin' }).click()
      const remove = page.getByRole('menuitem', { name: 'Remove' })
      expect(await remove.getAttribute('aria-disabled')).toBe('true')
      expect(await remove.innerText()).toContain('The last administrator.')
      await page.keyboard.press('Escape')
    })
  })
}

/** As the administrator; returns the link that is told once. */
async function inviteMia({ page, product }: ProductInBrowser): Promise<string> {
  await page.goto(`${product.web}/settings/people`)
  await page.getByRole('button', { name: 'Invite' }).click()
  const dialog = page.getByRole('dialog', { name: 'Invite a person' })
  await dialog.getByLabel('E-mail').fill('mia@example.com')
  await dialog.getByLabel('Name').fill('Mia')
  await dialog.getByLabel('Add a role').selectOption('dev')
  await dialog.getByLabel('Role in dev', { exact: true }).selectOption('deployer')
  expect(await accessibilityProblems(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const told = page.getByRole('dialog', { name: 'A link for Mia' })
  const link = (await told.locator('.mono').first().innerText()).trim()
  await told.getByRole('button', { name: 'I have copied it' }).click()
  return link
}
