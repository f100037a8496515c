// What is kept from one review to the next. Cookies, because every review has a port, and so a storage, of its own.

export function remembered(name) {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`hkextract-${name}=`));
  return found ? decodeURIComponent(found.slice(found.indexOf("=") + 1)) : "";
}

export function remember(name, value) {
  document.cookie = `hkextract-${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=strict`;
}
