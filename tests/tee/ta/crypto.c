/* Ciphers and digests with all inputs from the client. */
#include <tee_internal_api.h>

#define TA_UUID { 0x5b0c3d1e, 0x8a41, 0x4d0b, { 0x9e, 0x11, 0x6c, 0x69, 0x74, 0x65, 0x00, 0x02 } }
#define TA_FLAGS 0
#define TA_STACK_SIZE 0x4000
#define TA_DATA_SIZE 0x8000
#include <user_ta_header.h>

enum command {
	/* Memory in: key, initialisation vector (none for ECB) and data; memory out. Encrypt, or decrypt at + 0x10. */
	COMMAND_ECB = 0x00,
	COMMAND_CBC = 0x01,
	COMMAND_CTR = 0x02,
	/* The same with the data in updates of 1, 2, 3, ... bytes. */
	COMMAND_SPLIT = 0x20,
	/* Memory in, memory out; the number of the digest is added. */
	COMMAND_DIGEST = 0x100,
	/* The same with the data in updates of 1, 2, 3, ... bytes. */
	COMMAND_DIGEST_SPLIT = 0x110,
	/* Memory in: key and data; memory out; the number of the hash is added. */
	COMMAND_HMAC = 0x200,
	/* Memory in: key, data, code. */
	COMMAND_HMAC_COMPARE = 0x210,
	/* Memory in: a key; value out: usage and flags; value out: size and maximum; memory out: the key again. */
	COMMAND_OBJECT = 0x300,
	/* Memory in: data; memory out: digest of the data, then of the data twice, by a copied operation. */
	COMMAND_COPY = 0x301,
	/* Value in: algorithm and mode; value in: maximum of the key. */
	COMMAND_ALLOCATE = 0x302,
	/* Value in: type and maximum. */
	COMMAND_ALLOCATE_OBJECT = 0x303,
};

#define MEMREF_IN TEE_PARAM_TYPE_MEMREF_INPUT
#define MEMREF_OUT TEE_PARAM_TYPE_MEMREF_OUTPUT
#define NONE TEE_PARAM_TYPE_NONE

TEE_Result TA_CreateEntryPoint(void)
{
	return TEE_SUCCESS;
}

void TA_DestroyEntryPoint(void)
{
}

TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[4], void **context)
{
	(void)types;
	(void)params;
	(void)context;
	return TEE_SUCCESS;
}

void TA_CloseSessionEntryPoint(void *context)
{
	(void)context;
}

/* A key object of `type` with these bytes. */
static TEE_Result make_key(uint32_t type, const TEE_Param *bytes, TEE_ObjectHandle *key)
{
	TEE_Attribute attribute;
	TEE_Result result;

	result = TEE_AllocateTransientObject(type, bytes->memref.size * 8, key);
	if (result != TEE_SUCCESS)
		return result;
	TEE_InitRefAttribute(&attribute, TEE_ATTR_SECRET_VALUE, bytes->memref.buffer, bytes->memref.size);
	result = TEE_PopulateTransientObject(*key, &attribute, 1);
	if (result != TEE_SUCCESS)
		TEE_FreeTransientObject(*key);
	return result;
}

/* An operation with a key of these bytes. */
static TEE_Result make_keyed(uint32_t algorithm, uint32_t mode, uint32_t type, const TEE_Param *bytes,
			     TEE_OperationHandle *operation)
{
	TEE_ObjectHandle key;
	TEE_Result result;

	result = make_key(type, bytes, &key);
	if (result != TEE_SUCCESS)
		return result;
	result = TEE_AllocateOperation(operation, algorithm, mode, bytes->memref.size * 8);
	if (result == TEE_SUCCESS) {
		result = TEE_SetOperationKey(*operation, key);
		if (result != TEE_SUCCESS)
			TEE_FreeOperation(*operation);
	}
	TEE_FreeTransientObject(key);
	return result;
}

/* Updates of 1, 2, 3, ... bytes, then the rest. */
static TEE_Result cipher_split(TEE_OperationHandle operation, const TEE_Param *data, TEE_Param *output)
{
	const uint8_t *input = data->memref.buffer;
	uint8_t *place = output->memref.buffer;
	size_t left = data->memref.size;
	size_t room = output->memref.size;
	size_t written;
	TEE_Result result;

	for (size_t step = 1; step < left; step++) {
		written = room;
		result = TEE_CipherUpdate(operation, input, step, place, &written);
		if (result != TEE_SUCCESS)
			return result;
		input += step;
		left -= step;
		place += written;
		room -= written;
	}
	written = room;
	result = TEE_CipherDoFinal(operation, input, left, place, &written);
	output->memref.size = (size_t)(place - (uint8_t *)output->memref.buffer) + written;
	return result;
}

static TEE_Result cipher(uint32_t command, uint32_t types, TEE_Param params[4])
{
	static const uint32_t algorithms[] = { TEE_ALG_AES_ECB_NOPAD, TEE_ALG_AES_CBC_NOPAD, TEE_ALG_AES_CTR };
	uint32_t mode = command & 0x10 ? TEE_MODE_DECRYPT : TEE_MODE_ENCRYPT;
	TEE_OperationHandle operation;
	TEE_Result result;

	if (types != TEE_PARAM_TYPES(MEMREF_IN, MEMREF_IN, MEMREF_IN, MEMREF_OUT) || (command & 0xf) > 2)
		return TEE_ERROR_BAD_PARAMETERS;
	result = make_keyed(algorithms[command & 0xf], mode, TEE_TYPE_AES, &params[0], &operation);
	if (result != TEE_SUCCESS)
		return result;
	TEE_CipherInit(operation, params[1].memref.buffer, params[1].memref.size);
	if (command & COMMAND_SPLIT)
		result = cipher_split(operation, &params[2], &params[3]);
	else
		result = TEE_CipherDoFinal(operation, params[2].memref.buffer, params[2].memref.size,
					   params[3].memref.buffer, &params[3].memref.size);
	TEE_FreeOperation(operation);
	return result;
}

static TEE_Result digest(uint32_t command, uint32_t types, TEE_Param params[4])
{
	uint32_t algorithm = TEE_ALG_MD5 - 1 + (command & 0xf);
	TEE_OperationHandle operation;
	const uint8_t *data = params[0].memref.buffer;
	size_t left = params[0].memref.size;
	TEE_Result result;

	if (types != TEE_PARAM_TYPES(MEMREF_IN, MEMREF_OUT, NONE, NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	result = TEE_AllocateOperation(&operation, algorithm, TEE_MODE_DIGEST, 0);
	if (result != TEE_SUCCESS)
		return result;
	for (size_t step = 1; (command & 0x10) && step < left; step++) {
		TEE_DigestUpdate(operation, data, step);
		data += step;
		left -= step;
	}
	result = TEE_DigestDoFinal(operation, data, left, params[1].memref.buffer, &params[1].memref.size);
	TEE_FreeOperation(operation);
	return result;
}

static TEE_Result hmac(uint32_t command, uint32_t types, TEE_Param params[4])
{
	uint32_t number = command & 0xf;
	uint32_t third = command & 0x10 ? MEMREF_IN : MEMREF_OUT;
	TEE_OperationHandle operation;
	TEE_Result result;

	if (types != TEE_PARAM_TYPES(MEMREF_IN, MEMREF_IN, third, NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	result = make_keyed(TEE_ALG_HMAC_MD5 - 1 + number, TEE_MODE_MAC, TEE_TYPE_HMAC_MD5 - 1 + number, &params[0],
			    &operation);
	if (result != TEE_SUCCESS)
		return result;
	TEE_MACInit(operation, NULL, 0);
	TEE_MACUpdate(operation, params[1].memref.buffer, params[1].memref.size);
	if (command & 0x10)
		result = TEE_MACCompareFinal(operation, NULL, 0, params[2].memref.buffer, params[2].memref.size);
	else
		result = TEE_MACComputeFinal(operation, NULL, 0, params[2].memref.buffer, &params[2].memref.size);
	TEE_FreeOperation(operation);
	return result;
}

static TEE_Result object(uint32_t types, TEE_Param params[4])
{
	TEE_ObjectHandle key;
	TEE_ObjectHandle copy;
	TEE_ObjectInfo info;
	TEE_Result result;

	if (types != TEE_PARAM_TYPES(MEMREF_IN, TEE_PARAM_TYPE_VALUE_OUTPUT, TEE_PARAM_TYPE_VALUE_OUTPUT, MEMREF_OUT))
		return TEE_ERROR_BAD_PARAMETERS;
	result = make_key(TEE_TYPE_AES, &params[0], &key);
	if (result != TEE_SUCCESS)
		return result;
	result = TEE_AllocateTransientObject(TEE_TYPE_AES, 256, &copy);
	if (result == TEE_SUCCESS) {
		TEE_RestrictObjectUsage1(key, TEE_USAGE_EXTRACTABLE | TEE_USAGE_ENCRYPT);
		TEE_CopyObjectAttributes1(copy, key);
		TEE_GetObjectInfo1(copy, &info);
		params[1].value.a = info.objectUsage;
		params[1].value.b = info.handleFlags;
		params[2].value.a = info.objectSize;
		params[2].value.b = info.maxObjectSize;
		result = TEE_GetObjectBufferAttribute(copy, TEE_ATTR_SECRET_VALUE, params[3].memref.buffer,
						      &params[3].memref.size);
		TEE_ResetTransientObject(copy);
		TEE_FreeTransientObject(copy);
	}
	TEE_FreeTransientObject(key);
	return result;
}

static TEE_Result copy(uint32_t types, TEE_Param params[4])
{
	const void *data = params[0].memref.buffer;
	size_t size = params[0].memref.size;
	uint8_t *output = params[1].memref.buffer;
	size_t length = 32;
	TEE_OperationHandle first;
	TEE_OperationHandle second;

	if (types != TEE_PARAM_TYPES(MEMREF_IN, MEMREF_OUT, NONE, NONE) || params[1].memref.size < 64)
		return TEE_ERROR_BAD_PARAMETERS;
	if (TEE_AllocateOperation(&first, TEE_ALG_SHA256, TEE_MODE_DIGEST, 0) != TEE_SUCCESS)
		return TEE_ERROR_OUT_OF_MEMORY;
	if (TEE_AllocateOperation(&second, TEE_ALG_SHA256, TEE_MODE_DIGEST, 0) != TEE_SUCCESS) {
		TEE_FreeOperation(first);
		return TEE_ERROR_OUT_OF_MEMORY;
	}
	TEE_DigestUpdate(first, data, size);
	TEE_CopyOperation(second, first);
	TEE_DigestDoFinal(first, NULL, 0, output, &length);
	TEE_DigestDoFinal(second, data, size, output + 32, &length);
	params[1].memref.size = 64;
	TEE_FreeOperation(first);
	TEE_FreeOperation(second);
	return TEE_SUCCESS;
}

static TEE_Result allocate(uint32_t types, TEE_Param params[4])
{
	TEE_OperationHandle operation;
	TEE_Result result;

	if (types != TEE_PARAM_TYPES(TEE_PARAM_TYPE_VALUE_INPUT, TEE_PARAM_TYPE_VALUE_INPUT, NONE, NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	result = TEE_AllocateOperation(&operation, params[0].value.a, params[0].value.b, params[1].value.a);
	if (result == TEE_SUCCESS)
		TEE_FreeOperation(operation);
	return result;
}

static TEE_Result allocate_object(uint32_t types, TEE_Param params[4])
{
	TEE_ObjectHandle object;
	TEE_Result result;

	if (types != TEE_PARAM_TYPES(TEE_PARAM_TYPE_VALUE_INPUT, NONE, NONE, NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	result = TEE_AllocateTransientObject(params[0].value.a, params[0].value.b, &object);
	if (result == TEE_SUCCESS)
		TEE_FreeTransientObject(object);
	return result;
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types, TEE_Param params[4])
{
	(void)context;
	switch (command) {
	case COMMAND_OBJECT:
		return object(types, params);
	case COMMAND_COPY:
		return copy(types, params);
	case COMMAND_ALLOCATE:
		return allocate(types, params);
	case COMMAND_ALLOCATE_OBJECT:
		return allocate_object(types, params);
	}
	if (command < COMMAND_DIGEST)
		return cipher(command, types, params);
	if (command < COMMAND_HMAC)
		return digest(command, types, params);
	if (command < COMMAND_OBJECT)
		return hmac(command, types, params);
	return TEE_ERROR_NOT_SUPPORTED;
}
