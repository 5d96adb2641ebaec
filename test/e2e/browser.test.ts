import { describe, expect, it } from 'vitest'
import { allowing } from './allowing.flows.ts'
import { configuring } from './configuring.flows.ts'
import { connecting } from './connecting.flows.ts'
import { deciding } from './deciding.flows.ts'
import { everyPage } from './every-page.flows.ts'
import { explaining } from './explaining.flows.ts'
import { holding } from './holding.flows.ts'
import { inviting } from './inviting.flows.ts'
import { hooking } from './hooking.flows.ts'
import { lookingBack } from './looking-back.flows.ts'
import { mending } from './mending.flows.ts'
import { notifying } from './notifying.flows.ts'
import { useProductInBrowser } from './product-in-browser.ts'
import { promoting } from './promoting.flows.ts'
import { releasing } from './releasing.flows.ts'
import { signingIn } from './signing-in.flows.ts'

/** One demo and one Chromium for all flows, in the order in which a visitor would come to them. */
const the = useProductInBrowser()

signingIn(the)
releasing(the)
holding(the)
explaining(the)
mending(the)
promoting(the)
lookingBack(the)
allowing(the)
inviting(the)
deciding(the)
configuring(the)
notifying(the)
hooking(the)
connecting(the)
everyPage(the)

describe('all the while', () => {
  it('no window complained', () => {
    expect(the().complaints).toEqual([])
  })
})
