#ifndef COPENSSL_H
#define COPENSSL_H

// The part of OpenSSL 3's interface that scimd uses, as a table of function pointers: the library is opened at run
// time, so that building needs no headers of it and the binary neither links nor requires it. Every function is in the
// stable interface of all 3.x versions; constants are those of its public headers.

#include <stddef.h>
#include <stdint.h>
#include <time.h>

// Only the pointers of the table itself are known not to be null.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_method_st SSL_METHOD;
typedef struct ssl_session_st SSL_SESSION;
typedef struct bio_st BIO;
typedef struct bio_method_st BIO_METHOD;
typedef struct x509_st X509;
typedef struct X509_name_st X509_NAME;
typedef struct X509_VERIFY_PARAM_st X509_VERIFY_PARAM;
typedef struct x509_store_ctx_st X509_STORE_CTX;
typedef struct x509_store_st X509_STORE;
typedef struct asn1_string_st ASN1_TIME;
typedef struct evp_pkey_st EVP_PKEY;
typedef struct evp_pkey_ctx_st EVP_PKEY_CTX;
typedef struct evp_md_st EVP_MD;
typedef struct evp_md_ctx_st EVP_MD_CTX;
typedef struct evp_cipher_st EVP_CIPHER;
typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;
typedef struct evp_mac_ctx_st EVP_MAC_CTX;
typedef struct engine_st ENGINE;
typedef struct ossl_param_bld_st OSSL_PARAM_BLD;
typedef struct bignum_st BIGNUM;
typedef struct ECDSA_SIG_st ECDSA_SIG;

/// Its layout is public.
typedef struct {
  const char *key;
  unsigned int data_type;
  void *data;
  size_t data_size;
  size_t return_size;
} OSSL_PARAM;

typedef int (*copenssl_password)(char *buffer, int size, int writing, void *user);
typedef int (*copenssl_alpn)(
    SSL *session, const unsigned char **out, unsigned char *out_length, const unsigned char *in,
    unsigned int in_length, void *argument);
typedef int (*copenssl_ticket_key)(
    SSL *session, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int encrypts);
typedef int (*copenssl_verify)(int is_fine, X509_STORE_CTX *store);
typedef void (*copenssl_callback)(void);

// Functions of libcrypto: F(result, name, arguments).
#define COPENSSL_CRYPTO(F) \
  F(const char *, OpenSSL_version, (int what)) \
  F(unsigned long, ERR_get_error, (void)) \
  F(void, ERR_clear_error, (void)) \
  F(const char *, ERR_reason_error_string, (unsigned long error)) \
  F(void, ERR_error_string_n, (unsigned long error, char *buffer, size_t size)) \
  F(BIO *, BIO_new, (const BIO_METHOD *method)) \
  F(const BIO_METHOD *, BIO_s_mem, (void)) \
  F(BIO *, BIO_new_mem_buf, (const void *bytes, int count)) \
  F(int, BIO_free, (BIO *bio)) \
  F(int, BIO_read, (BIO *bio, void *bytes, int count)) \
  F(int, BIO_write, (BIO *bio, const void *bytes, int count)) \
  F(size_t, BIO_ctrl_pending, (BIO *bio)) \
  F(X509 *, PEM_read_bio_X509, (BIO *bio, X509 **into, copenssl_password password, void *user)) \
  F(EVP_PKEY *, PEM_read_bio_PrivateKey, (BIO *bio, EVP_PKEY **into, copenssl_password password, void *user)) \
  F(EVP_PKEY *, PEM_read_bio_PUBKEY, (BIO *bio, EVP_PKEY **into, copenssl_password password, void *user)) \
  F(void, X509_free, (X509 *certificate)) \
  F(int, X509_check_host, (X509 *certificate, const char *name, size_t count, unsigned int flags, char **peer)) \
  F(int, X509_check_private_key, (const X509 *certificate, const EVP_PKEY *key)) \
  F(const ASN1_TIME *, X509_get0_notAfter, (const X509 *certificate)) \
  F(X509_NAME *, X509_get_subject_name, (const X509 *certificate)) \
  F(int, X509_NAME_print_ex, (BIO *out, const X509_NAME *name, int indent, unsigned long flags)) \
  F(int, X509_STORE_add_cert, (X509_STORE *store, X509 *certificate)) \
  F(int, ASN1_TIME_to_tm, (const ASN1_TIME *time, struct tm *into)) \
  F(const char *, X509_verify_cert_error_string, (long code)) \
  F(int, X509_VERIFY_PARAM_set1_ip_asc, (X509_VERIFY_PARAM *parameters, const char *address)) \
  F(int, X509_VERIFY_PARAM_set1_host, (X509_VERIFY_PARAM *parameters, const char *name, size_t count)) \
  F(void, X509_VERIFY_PARAM_set_hostflags, (X509_VERIFY_PARAM *parameters, unsigned int flags)) \
  F(void, EVP_PKEY_free, (EVP_PKEY *key)) \
  F(int, EVP_PKEY_get_base_id, (const EVP_PKEY *key)) \
  F(int, EVP_PKEY_get_bits, (const EVP_PKEY *key)) \
  F(int, EVP_PKEY_get_group_name, (const EVP_PKEY *key, char *name, size_t size, size_t *length)) \
  F(int, EVP_PKEY_get_octet_string_param, \
    (const EVP_PKEY *key, const char *name, unsigned char *bytes, size_t size, size_t *length)) \
  F(int, EVP_PKEY_get_bn_param, (const EVP_PKEY *key, const char *name, BIGNUM **number)) \
  F(EVP_PKEY_CTX *, EVP_PKEY_CTX_new_from_name, (void *library, const char *name, const char *properties)) \
  F(void, EVP_PKEY_CTX_free, (EVP_PKEY_CTX *context)) \
  F(int, EVP_PKEY_fromdata_init, (EVP_PKEY_CTX *context)) \
  F(int, EVP_PKEY_fromdata, (EVP_PKEY_CTX *context, EVP_PKEY **key, int selection, OSSL_PARAM *parameters)) \
  F(EVP_PKEY *, EVP_PKEY_new_raw_public_key, (int type, ENGINE *engine, const unsigned char *key, size_t count)) \
  F(int, EVP_PKEY_get_raw_public_key, (const EVP_PKEY *key, unsigned char *bytes, size_t *count)) \
  F(EVP_MD_CTX *, EVP_MD_CTX_new, (void)) \
  F(void, EVP_MD_CTX_free, (EVP_MD_CTX *context)) \
  F(const EVP_MD *, EVP_sha256, (void)) \
  F(int, EVP_DigestSignInit, \
    (EVP_MD_CTX *context, EVP_PKEY_CTX **key_context, const EVP_MD *digest, ENGINE *engine, EVP_PKEY *key)) \
  F(int, EVP_DigestSign, \
    (EVP_MD_CTX *context, unsigned char *signature, size_t *length, const unsigned char *bytes, size_t count)) \
  F(int, EVP_DigestVerifyInit, \
    (EVP_MD_CTX *context, EVP_PKEY_CTX **key_context, const EVP_MD *digest, ENGINE *engine, EVP_PKEY *key)) \
  F(int, EVP_DigestVerify, \
    (EVP_MD_CTX *context, const unsigned char *signature, size_t length, const unsigned char *bytes, size_t count)) \
  F(int, EVP_PKEY_CTX_set_rsa_padding, (EVP_PKEY_CTX *context, int padding)) \
  F(int, EVP_PKEY_CTX_set_rsa_pss_saltlen, (EVP_PKEY_CTX *context, int count)) \
  F(ECDSA_SIG *, ECDSA_SIG_new, (void)) \
  F(void, ECDSA_SIG_free, (ECDSA_SIG *signature)) \
  F(int, ECDSA_SIG_set0, (ECDSA_SIG *signature, BIGNUM *r, BIGNUM *s)) \
  F(void, ECDSA_SIG_get0, (const ECDSA_SIG *signature, const BIGNUM **r, const BIGNUM **s)) \
  F(ECDSA_SIG *, d2i_ECDSA_SIG, (ECDSA_SIG **into, const unsigned char **bytes, long count)) \
  F(int, i2d_ECDSA_SIG, (const ECDSA_SIG *signature, unsigned char **bytes)) \
  F(BIGNUM *, BN_bin2bn, (const unsigned char *bytes, int count, BIGNUM *into)) \
  F(int, BN_bn2binpad, (const BIGNUM *number, unsigned char *bytes, int count)) \
  F(int, BN_num_bits, (const BIGNUM *number)) \
  F(void, BN_free, (BIGNUM *number)) \
  F(OSSL_PARAM_BLD *, OSSL_PARAM_BLD_new, (void)) \
  F(void, OSSL_PARAM_BLD_free, (OSSL_PARAM_BLD *builder)) \
  F(int, OSSL_PARAM_BLD_push_BN, (OSSL_PARAM_BLD *builder, const char *name, const BIGNUM *number)) \
  F(int, OSSL_PARAM_BLD_push_utf8_string, \
    (OSSL_PARAM_BLD *builder, const char *name, const char *text, size_t count)) \
  F(int, OSSL_PARAM_BLD_push_octet_string, \
    (OSSL_PARAM_BLD *builder, const char *name, const void *bytes, size_t count)) \
  F(OSSL_PARAM *, OSSL_PARAM_BLD_to_param, (OSSL_PARAM_BLD *builder)) \
  F(void, OSSL_PARAM_free, (OSSL_PARAM *parameters)) \
  F(OSSL_PARAM, OSSL_PARAM_construct_octet_string, (const char *key, void *bytes, size_t count)) \
  F(OSSL_PARAM, OSSL_PARAM_construct_utf8_string, (const char *key, char *text, size_t count)) \
  F(OSSL_PARAM, OSSL_PARAM_construct_end, (void)) \
  F(const EVP_CIPHER *, EVP_aes_256_cbc, (void)) \
  F(int, EVP_EncryptInit_ex, (EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher, ENGINE *engine, \
    const unsigned char *key, const unsigned char *iv)) \
  F(int, EVP_DecryptInit_ex, (EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher, ENGINE *engine, \
    const unsigned char *key, const unsigned char *iv)) \
  F(int, EVP_MAC_CTX_set_params, (EVP_MAC_CTX *context, const OSSL_PARAM *parameters))

// Functions of libssl.
#define COPENSSL_SSL(F) \
  F(const SSL_METHOD *, TLS_server_method, (void)) \
  F(const SSL_METHOD *, TLS_client_method, (void)) \
  F(SSL_CTX *, SSL_CTX_new, (const SSL_METHOD *method)) \
  F(void, SSL_CTX_free, (SSL_CTX *context)) \
  F(long, SSL_CTX_ctrl, (SSL_CTX *context, int command, long number, void *argument)) \
  F(long, SSL_CTX_callback_ctrl, (SSL_CTX *context, int command, copenssl_callback callback)) \
  F(uint64_t, SSL_CTX_set_options, (SSL_CTX *context, uint64_t options)) \
  F(int, SSL_CTX_set_cipher_list, (SSL_CTX *context, const char *ciphers)) \
  F(int, SSL_CTX_use_certificate, (SSL_CTX *context, X509 *certificate)) \
  F(int, SSL_CTX_use_PrivateKey, (SSL_CTX *context, EVP_PKEY *key)) \
  F(void, SSL_CTX_set_alpn_select_cb, (SSL_CTX *context, copenssl_alpn callback, void *argument)) \
  F(int, SSL_CTX_set_alpn_protos, (SSL_CTX *context, const unsigned char *protocols, unsigned int count)) \
  F(int, SSL_CTX_set_tlsext_ticket_key_evp_cb, (SSL_CTX *context, copenssl_ticket_key callback)) \
  F(void, SSL_CTX_set_verify, (SSL_CTX *context, int mode, copenssl_verify callback)) \
  F(int, SSL_CTX_set_default_verify_paths, (SSL_CTX *context)) \
  F(X509_STORE *, SSL_CTX_get_cert_store, (const SSL_CTX *context)) \
  F(int, SSL_CTX_add_client_CA, (SSL_CTX *context, X509 *authority)) \
  F(int, SSL_CTX_set_session_id_context, (SSL_CTX *context, const unsigned char *bytes, unsigned int count)) \
  F(int, SSL_CTX_set_ex_data, (SSL_CTX *context, int index, void *data)) \
  F(void *, SSL_CTX_get_ex_data, (const SSL_CTX *context, int index)) \
  F(long, SSL_CTX_set_timeout, (SSL_CTX *context, long seconds)) \
  F(SSL *, SSL_new, (SSL_CTX *context)) \
  F(void, SSL_free, (SSL *session)) \
  F(void, SSL_set_bio, (SSL *session, BIO *reads, BIO *writes)) \
  F(void, SSL_set_accept_state, (SSL *session)) \
  F(void, SSL_set_connect_state, (SSL *session)) \
  F(int, SSL_do_handshake, (SSL *session)) \
  F(int, SSL_is_init_finished, (const SSL *session)) \
  F(int, SSL_read_ex, (SSL *session, void *bytes, size_t count, size_t *done)) \
  F(int, SSL_write_ex, (SSL *session, const void *bytes, size_t count, size_t *done)) \
  F(int, SSL_get_error, (const SSL *session, int result)) \
  F(int, SSL_shutdown, (SSL *session)) \
  F(long, SSL_ctrl, (SSL *session, int command, long number, void *argument)) \
  F(const char *, SSL_get_servername, (const SSL *session, int type)) \
  F(SSL_CTX *, SSL_set_SSL_CTX, (SSL *session, SSL_CTX *context)) \
  F(SSL_CTX *, SSL_get_SSL_CTX, (const SSL *session)) \
  F(X509_VERIFY_PARAM *, SSL_get0_param, (SSL *session)) \
  F(long, SSL_get_verify_result, (const SSL *session)) \
  F(int, SSL_session_reused, (const SSL *session)) \
  /* Used by tests only. */ \
  F(const char *, SSL_get_version, (const SSL *session)) \
  F(X509 *, SSL_get1_peer_certificate, (const SSL *session)) \
  F(SSL_SESSION *, SSL_get1_session, (SSL *session)) \
  F(int, SSL_set_session, (SSL *session, SSL_SESSION *saved)) \
  F(void, SSL_SESSION_free, (SSL_SESSION *saved))

/// The functions by name. All are set before the table is used.
typedef struct {
#define COPENSSL_FIELD(result, name, arguments) result (*_Nonnull name) arguments;
  COPENSSL_CRYPTO(COPENSSL_FIELD)
  COPENSSL_SSL(COPENSSL_FIELD)
#undef COPENSSL_FIELD
} copenssl_functions;

/// One function of the table: its name and where its pointer is.
typedef struct {
  const char *_Nonnull name;
  size_t offset;
  int is_ssl;
} copenssl_symbol;

/// All functions of the table in its order; the count is the number of them.
const copenssl_symbol *_Nonnull copenssl_symbols(size_t *_Nonnull count);

// Options and commands behind the macros of OpenSSL's headers.
static const int COPENSSL_SSL_ERROR_WANT_READ = 2;
static const int COPENSSL_SSL_ERROR_ZERO_RETURN = 6;
static const int COPENSSL_SSL_CTRL_MODE = 33;
static const int COPENSSL_SSL_CTRL_SET_READ_AHEAD = 41;
static const int COPENSSL_SSL_CTRL_SET_SESS_CACHE_MODE = 44;
static const int COPENSSL_SSL_CTRL_SET_TLSEXT_SERVERNAME_CB = 53;
static const int COPENSSL_SSL_CTRL_SET_TLSEXT_SERVERNAME_ARG = 54;
static const int COPENSSL_SSL_CTRL_SET_TLSEXT_HOSTNAME = 55;
static const int COPENSSL_SSL_CTRL_CHAIN_CERT = 89;
static const int COPENSSL_SSL_CTRL_SET_GROUPS_LIST = 92;
static const int COPENSSL_SSL_CTRL_SET_MIN_PROTO_VERSION = 123;
static const long COPENSSL_TLS1_2_VERSION = 0x0303;
static const long COPENSSL_SSL_MODE_RELEASE_BUFFERS = 0x10;
static const uint64_t COPENSSL_SSL_OP_NO_COMPRESSION = 1u << 17;
static const uint64_t COPENSSL_SSL_OP_CIPHER_SERVER_PREFERENCE = 1u << 22;
static const uint64_t COPENSSL_SSL_OP_NO_RENEGOTIATION = 1u << 30;
static const uint64_t COPENSSL_SSL_OP_PRIORITIZE_CHACHA = 1u << 21;
static const int COPENSSL_SSL_VERIFY_PEER = 1;
static const int COPENSSL_SSL_VERIFY_FAIL_IF_NO_PEER_CERT = 2;
static const int COPENSSL_SSL_TLSEXT_ERR_OK = 0;
static const int COPENSSL_SSL_TLSEXT_ERR_ALERT_FATAL = 2;
static const int COPENSSL_SSL_TLSEXT_ERR_NOACK = 3;
static const int COPENSSL_X509_V_OK = 0;
static const unsigned int COPENSSL_X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS = 4;
/// RFC 2253 with UTF-8 left readable: XN_FLAG_RFC2253 without ASN1_STRFLGS_ESC_MSB.
static const unsigned long COPENSSL_XN_FLAG_RFC2253_UTF8 = 0x1110313;
static const int COPENSSL_EVP_PKEY_RSA = 6;
static const int COPENSSL_EVP_PKEY_EC = 408;
static const int COPENSSL_EVP_PKEY_ED25519 = 1087;
static const int COPENSSL_EVP_PKEY_PUBLIC_KEY = 0x86;
static const int COPENSSL_RSA_PKCS1_PSS_PADDING = 6;

#pragma clang diagnostic pop

#endif
