import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Where events may be sent. Whoever registers an address makes this machine call it: what is not on the public internet is out of
 * bounds (cloud metadata, databases, neighbours), however a name resolves at the moment of the call. Networks of the merchant's
 * own can be allowed by PERENNIAL_WEBHOOK_NETWORKS.
 */

/** A network: its address and the length of its prefix in bits. */
export type Network = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

/** This machine: what test mode allows, so that an app beside Perennial gets its events. */
export const THIS_MACHINE = '127.0.0.0/8,::1/128';

/** All that is given to the public of IPv6 until now; what an address outside of it leads to nobody says. */
const PUBLIC_IPV6 = ipaddr.parseCIDR('2000::/3');
/** Public by its number, and the host of every machine in Azure. */
const HOST_OF_AZURE = '168.63.129.16';

export class TargetRefused extends Error {
  override readonly name = 'TargetRefused';
}

/** Networks with commas between them, like 10.0.0.0/8; undefined where one is none. */
export function readNetworks(text: string): readonly Network[] | undefined {
  try {
    return text
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean)
      .map((each) => ipaddr.parseCIDR(each));
  } catch {
    return undefined;
  }
}

/** Why events can't be sent to this address; undefined where they may be, as far as can be said before its name is looked up. */
export function faultOfTarget(text: string, allowed: readonly Network[]): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL';
  const url = new URL(text);
  if (!['https:', 'http:'].includes(url.protocol)) return 'must be an https URL';
  if (url.username !== '' || url.password !== '') return 'must not contain a user name or password';
  if (url.hash !== '') return 'must not contain a fragment (#)';
  const literal = literalOf(url.hostname);
  if (literal !== undefined) return faultOfAddress(literal, url.protocol, allowed);
  // A name that leads into an allowed network is known when it is looked up.
  if (url.protocol === 'http:' && allowed.length === 0) return 'must be an https URL';
  return undefined;
}

/**
 * Looks a name up for a connection, and refuses it where any of its addresses is out of bounds: the connection goes to what was
 * looked at. Its error is a TargetRefused.
 */
export function guardedLookup(protocol: string, allowed: readonly Network[]): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, '', 0);
      const faults = addresses.map(({ address }) => faultOfAddress(address, protocol, allowed));
      const fault = faults.find((each) => each !== undefined);
      const [first] = addresses;
      if (fault !== undefined || !first) {
        callback(new TargetRefused(`its name leads to an address that ${fault ?? 'is not there'}`), '', 0);
      } else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Where the host of a URL is an address and not a name. */
function literalOf(hostname: string): string | undefined {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return '127.0.0.1';
  const bare = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? bare : undefined;
}

function faultOfAddress(text: string, protocol: string, allowed: readonly Network[]): string | undefined {
  // An IPv4 address in the clothes of IPv6 is judged as what it is.
  const address = ipaddr.process(text);
  const isAllowed = allowed.some(
    ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
  );
  if (isAllowed) return undefined;
  const isPublic =
    address.range() === 'unicast' &&
    (address.kind() === 'ipv4' ? address.toString() !== HOST_OF_AZURE : address.match(PUBLIC_IPV6));
  if (!isPublic) return 'must not be a private, local or reserved address';
  return protocol === 'https:' ? undefined : 'must be an https URL';
}
