#include "COpenSSL.h"

static const copenssl_symbol symbols[] = {
#define CRYPTO(result, name, arguments) {#name, offsetof(copenssl_functions, name), 0},
#define SSL(result, name, arguments) {#name, offsetof(copenssl_functions, name), 1},
    COPENSSL_CRYPTO(CRYPTO) COPENSSL_SSL(SSL)};

const copenssl_symbol *copenssl_symbols(size_t *count) {
  *count = sizeof symbols / sizeof symbols[0];
  return symbols;
}
