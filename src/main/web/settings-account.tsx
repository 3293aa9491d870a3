/** Password and devices, where the server offers them. */
export function Account() {
  return null;
}
