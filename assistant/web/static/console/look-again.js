/** Looks again at a page that is still being made. */

setTimeout(() => location.reload(), 3000);
