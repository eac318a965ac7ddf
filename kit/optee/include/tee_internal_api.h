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

#endif
