/* The TEE Internal Core API 1.3.1, for what this kit supports. */
#ifndef TEE_INTERNAL_API_H
#define TEE_INTERNAL_API_H

#include <tee_api_defines.h>
#include <tee_api_types.h>
#include <trace.h>
#include <utee_defines.h>

/* What a TA defines: section 4.3. The context is the TA's own, one a session. */
#define TA_EXPORT

TEE_Result TA_EXPORT TA_CreateEntryPoint(void);
void TA_EXPORT TA_DestroyEntryPoint(void);
TEE_Result TA_EXPORT TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[TEE_NUM_PARAMS], void **context);
void TA_EXPORT TA_CloseSessionEntryPoint(void *context);
TEE_Result TA_EXPORT TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types,
						TEE_Param params[TEE_NUM_PARAMS]);

/* Ends: section 4.8. */
void TEE_Panic(TEE_Result code) __attribute__((noreturn));

/* Memory: section 4.11. */
TEE_Result TEE_CheckMemoryAccessRights(uint32_t flags, void *buffer, size_t size);
void TEE_SetInstanceData(void *data);
void *TEE_GetInstanceData(void);
void *TEE_Malloc(size_t size, uint32_t hint);
void *TEE_Realloc(void *buffer, size_t size);
void TEE_Free(void *buffer);
void TEE_MemMove(void *target, const void *source, size_t size);
int32_t TEE_MemCompare(const void *left, const void *right, size_t size);
void TEE_MemFill(void *buffer, uint8_t value, size_t size);

/* Properties: section 4.4. */
TEE_Result TEE_GetPropertyAsString(TEE_PropSetHandle set, const char *name, char *value, size_t *length);
TEE_Result TEE_GetPropertyAsBool(TEE_PropSetHandle set, const char *name, bool *value);
TEE_Result TEE_GetPropertyAsU32(TEE_PropSetHandle set, const char *name, uint32_t *value);
TEE_Result TEE_GetPropertyAsU64(TEE_PropSetHandle set, const char *name, uint64_t *value);
TEE_Result TEE_GetPropertyAsBinaryBlock(TEE_PropSetHandle set, const char *name, void *value, size_t *length);
TEE_Result TEE_GetPropertyAsUUID(TEE_PropSetHandle set, const char *name, TEE_UUID *value);
TEE_Result TEE_GetPropertyAsIdentity(TEE_PropSetHandle set, const char *name, TEE_Identity *value);

/* Other TAs: section 4.9. */
TEE_Result TEE_OpenTASession(const TEE_UUID *uuid, uint32_t timeout_ms, uint32_t types,
			     TEE_Param params[TEE_NUM_PARAMS], TEE_TASessionHandle *session, uint32_t *origin);
void TEE_CloseTASession(TEE_TASessionHandle session);
TEE_Result TEE_InvokeTACommand(TEE_TASessionHandle session, uint32_t timeout_ms, uint32_t command, uint32_t types,
			       TEE_Param params[TEE_NUM_PARAMS], uint32_t *origin);

/* Cancellation: section 4.10. */
bool TEE_GetCancellationFlag(void);
bool TEE_UnmaskCancellation(void);
bool TEE_MaskCancellation(void);

/* Transient objects: sections 5.3 to 5.5. */
TEE_Result TEE_GetObjectInfo1(TEE_ObjectHandle object, TEE_ObjectInfo *info);
TEE_Result TEE_RestrictObjectUsage1(TEE_ObjectHandle object, uint32_t usage);
TEE_Result TEE_GetObjectBufferAttribute(TEE_ObjectHandle object, uint32_t id, void *buffer, size_t *size);
TEE_Result TEE_GetObjectValueAttribute(TEE_ObjectHandle object, uint32_t id, uint32_t *a, uint32_t *b);
void TEE_CloseObject(TEE_ObjectHandle object);
TEE_Result TEE_AllocateTransientObject(TEE_ObjectType type, uint32_t max_bits, TEE_ObjectHandle *object);
void TEE_FreeTransientObject(TEE_ObjectHandle object);
void TEE_ResetTransientObject(TEE_ObjectHandle object);
TEE_Result TEE_PopulateTransientObject(TEE_ObjectHandle object, const TEE_Attribute *attributes, uint32_t count);
void TEE_InitRefAttribute(TEE_Attribute *attribute, uint32_t id, const void *buffer, size_t length);
void TEE_InitValueAttribute(TEE_Attribute *attribute, uint32_t id, uint32_t a, uint32_t b);
TEE_Result TEE_CopyObjectAttributes1(TEE_ObjectHandle target, TEE_ObjectHandle source);
TEE_Result TEE_GenerateKey(TEE_ObjectHandle object, uint32_t bits, const TEE_Attribute *attributes, uint32_t count);

/* Operations: sections 6.2 to 6.5. */
TEE_Result TEE_AllocateOperation(TEE_OperationHandle *operation, uint32_t algorithm, uint32_t mode, uint32_t max_bits);
void TEE_FreeOperation(TEE_OperationHandle operation);
void TEE_GetOperationInfo(TEE_OperationHandle operation, TEE_OperationInfo *info);
void TEE_ResetOperation(TEE_OperationHandle operation);
TEE_Result TEE_SetOperationKey(TEE_OperationHandle operation, TEE_ObjectHandle key);
TEE_Result TEE_SetOperationKey2(TEE_OperationHandle operation, TEE_ObjectHandle key1, TEE_ObjectHandle key2);
void TEE_CopyOperation(TEE_OperationHandle target, TEE_OperationHandle source);
void TEE_DigestUpdate(TEE_OperationHandle operation, const void *data, size_t length);
TEE_Result TEE_DigestDoFinal(TEE_OperationHandle operation, const void *data, size_t length, void *hash,
			     size_t *hash_length);
void TEE_CipherInit(TEE_OperationHandle operation, const void *iv, size_t length);
TEE_Result TEE_CipherUpdate(TEE_OperationHandle operation, const void *data, size_t length, void *output,
			    size_t *output_length);
TEE_Result TEE_CipherDoFinal(TEE_OperationHandle operation, const void *data, size_t length, void *output,
			     size_t *output_length);
void TEE_MACInit(TEE_OperationHandle operation, const void *iv, size_t length);
void TEE_MACUpdate(TEE_OperationHandle operation, const void *data, size_t length);
TEE_Result TEE_MACComputeFinal(TEE_OperationHandle operation, const void *data, size_t length, void *mac,
			       size_t *mac_length);
TEE_Result TEE_MACCompareFinal(TEE_OperationHandle operation, const void *data, size_t length, const void *mac,
			       size_t mac_length);

/* Random bytes and time: sections 6.9 and 7. */
void TEE_GenerateRandom(void *buffer, size_t length);
void TEE_GetSystemTime(TEE_Time *time);
TEE_Result TEE_Wait(uint32_t milliseconds);
TEE_Result TEE_GetTAPersistentTime(TEE_Time *time);
TEE_Result TEE_SetTAPersistentTime(const TEE_Time *time);
void TEE_GetREETime(TEE_Time *time);

#endif
