/** Addresses out of answers, before they become links or pictures. */

/**
 * An address that may be followed: http or https; a path is one of the service's own.
 * @param {string | null | undefined} address @param {string} service @returns {string} empty where it may not
 */
export function safe(address, service) {
  if (!address) return "";
  try {
    const url = new URL(address, service);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : "";
  } catch {
    return "";
  }
}

/** A link that leaves the page, and the conversation, as they are. @param {string} href */
export const beside = (href) => ({ href, target: "_blank", rel: "noopener" });

/** How a link opens: on the page where it is the same site and not in a frame, else beside it. @param {string} href */
export const opening = (href) => (href.startsWith(`${location.origin}/`) && window.parent === window ? { href } : beside(href));

/**
 * The product whose page this is, as its structured data (schema.org, JSON-LD) names it.
 * @param {ParentNode} page @returns {string | null}
 */
export function productOf(page) {
  for (const script of page.querySelectorAll('script[type="application/ld+json"]')) {
    let data;
    try {
      data = JSON.parse(script.textContent ?? "");
    } catch {
      continue; // the shop's mistake, and not ours to report
    }
    const product = [data, data?.["@graph"]].flat().find((one) => one?.["@type"] === "Product");
    const id = product?.productID ?? product?.sku;
    if (id) return String(id);
  }
  return null;
}
