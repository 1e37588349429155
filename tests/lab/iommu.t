doctor on machines with each kind of IOMMU.

  $ doctor() { "$IOASID_SRC"/dev lab --no-build "$@" -- pasidctl doctor </dev/null | grep -A 1 iommu | tr -s ' '; }
  $ iommu() { doctor --append intel_iommu=on --qemu -device --qemu "$1"; }
  $ doctor
  warning iommu the kernel drives none: only simulated devices have PASIDs
   -> turn it on in the firmware (VT-d, AMD-Vi), or give the virtual machine one
  $ iommu intel-iommu,x-scalable-mode=on
  warning iommu dmar0 lacks PASIDs in scalable mode: only simulated devices have PASIDs
   -> use a machine whose IOMMU has them; in QEMU: -device intel-iommu,x-scalable-mode=on,x-pasid-mode=on
  $ iommu intel-iommu,x-scalable-mode=on,x-pasid-mode=on
  ok iommu dmar0 has PASIDs
